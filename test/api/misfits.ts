// A body with one field changed at a time, to values that nobody would send in earnest.
import { inTurn, marker } from './bad-requests.ts';
import type { Operation } from './every-operation.ts';

export interface Misfit {
  readonly what: string;
  readonly text: string;
  /** Whether the schema lets it through all the same. */
  readonly fits: boolean;
}

type Path = readonly (string | number)[];

/** Stands for a number that JSON can write and JavaScript cannot. */
const beyond = '@beyond@';

/** Kinds of values; a field is given one of each kind. */
type Kinds = readonly (readonly unknown[])[];

const numbers: Kinds = [
  [-1, 0, 0.5],
  [1e308, 9_007_199_254_740_992, beyond],
  [253_402_300_799_999, 253_402_300_800_000, 8_640_000_000_000_001],
  ['1', null, marker],
];
const strings: Kinds = [
  ['x\u0000', '\ud800'],
  ['a\u0007\u001b[31m', '\u202e\u200b\ufeff'],
  ['😷疲れた', marker],
  ['constructor', '', 'x'.repeat(50_000)],
  ['0000-01-01', '9999-12-31', '275760-09-13'],
  [null, 7, { [marker]: marker }, [marker]],
];
const anything: Kinds = [
  [null, true, 7],
  [{ [marker]: marker }, [[marker]], beyond],
];

const kindsFor = (value: unknown): Kinds => {
  if (typeof value === 'number') return numbers;
  return typeof value === 'string' ? strings : anything;
};

/** Every place in a value, itself left out. */
function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    return [place, ...placesIn(inner, place)];
  });
}

const at = (value: unknown, path: Path): unknown => path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);

function changed(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = changed(copy[key], rest, to);
  return copy;
}

/** Changes of each field of the fullest sample, one at a time. */
export function misfits({ name, body }: Operation): readonly Misfit[] {
  const [sample] = body?.samples ?? [];
  return placesIn(sample).flatMap((path, i) =>
    kindsFor(at(sample, path)).flatMap((kind, k) =>
      inTurn(kind, name.length + i).map((value): Misfit => {
        const read = changed(sample, path, value === beyond ? Number.POSITIVE_INFINITY : value);
        const fits = body?.schema.safeParse(read).success === true;
        const text = JSON.stringify(changed(sample, path, value)).replaceAll(`"${beyond}"`, '1e400');
        return { what: `${path.join('.')} of another kind (${k}, ${String(value).slice(0, 12)})`, text, fits };
      }),
    ),
  );
}
