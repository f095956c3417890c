import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import * as journeys from '../../domain/journey/index.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { firstDay } from '../journeys/sample-facts.ts';
import type { Explored } from './exploring.ts';
import { knownIn } from './known-values.ts';
import { begin } from './play.ts';
import { samplesOf } from './sample-data.ts';

/** What a payload may hold, without the bounds of its texts and numbers. An optional field ends with `?`. */
export type Shape = string | { readonly [part: string]: Shape | readonly string[] };

/** One stored event, with the shape that its version had when it was stored. */
export interface Golden {
  readonly type: string;
  readonly version: number;
  readonly shape: Shape;
  readonly event: { readonly type: string; readonly data: object };
}

const folder = 'test/golden';
const pathOf = ({ type, version }: Pick<Golden, 'type' | 'version'>): string => `${folder}/${type}.${version}.json`;

/** Every schema of an event, by type: those of the journey and those of the other streams. */
export const schemas: Readonly<Record<string, z.ZodObject>> = Object.assign(
  {},
  ...Object.values(aggregates).map(({ events }) => events),
  journeys.events,
);

/** The version in which an event is written now. */
const versionOf = (schema: z.ZodObject): number => Number(schema.meta()?.version ?? 1);

export function shapeOf(schema: z.ZodType): Shape {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return shapeOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries(schema.shape).map(([name, field]) => [
        `${name}${(field as z.ZodType).safeParse(undefined).success ? '?' : ''}`,
        shapeOf(field as z.ZodType),
      ]),
    );
  if (schema instanceof z.ZodEnum) return { oneOf: schema.options.map(String).toSorted() };
  if (schema instanceof z.ZodArray) return { list: shapeOf(schema.element as z.ZodType) };
  if (schema instanceof z.ZodRecord) return { record: shapeOf(schema.valueType as z.ZodType) };
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion)
    return { either: Object.fromEntries(schema.options.map((option, i) => [String(i), shapeOf(option as z.ZodType)])) };
  return schema.def.type;
}

/**
 * Why an event that was stored in the first shape can no longer be read, or a new one would be misread, by who knows the
 * second; by path. A field may be added if it is optional, and a value to an enumeration; all else needs a new version.
 */
export function breaks(stored: Shape | readonly string[], now: Shape | readonly string[], path = 'data'): readonly string[] {
  if (Array.isArray(stored) && Array.isArray(now))
    return stored.filter((value) => !now.includes(value)).map((value) => `${path} lost ${value}`);
  if (typeof stored === 'string' || typeof now === 'string') return stored === now ? [] : [`${path} changed`];
  const before = stored as Readonly<Record<string, Shape>>;
  const after = now as Readonly<Record<string, Shape>>;
  const added = Object.keys(after).filter((field) => !(field in before) && !field.endsWith('?'));
  return [
    ...added.map((field) => `${path}.${field} is new and required`),
    ...Object.entries(before).flatMap(([field, shape]) => {
      const found = after[field];
      return found === undefined ? [`${path}.${field} is gone`] : breaks(shape, found, `${path}.${field}`);
    }),
  ];
}

/** The events as they were stored. */
export const stored = (): readonly Golden[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .toSorted()
        .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Golden)
    : [];

/** How an event of another stream came about. */
const elsewhere = {
  id: 'sample.0',
  occurredAt: firstDay,
  commandId: 'sample',
  commandType: 'Sample',
  actor: { kind: 'person', id: 'coordinator-1', role: 'K' },
};
const usually = knownIn(begin(journeys, firstDay))('');

function sampleOf(type: string, schema: z.ZodObject): object {
  const [data] = samplesOf(schema, usually);
  if (typeof data !== 'object' || data === null) throw new Error(`no sample of ${type} fits its schema`);
  return data;
}

/** What should be stored: of each event what is stored already, in its present shape, else a sample of it. */
export function wanted({ sampled }: Explored): readonly Golden[] {
  const known = new Map(stored().map((golden) => [pathOf(golden), golden]));
  return Object.entries(schemas).map(([type, schema]) => {
    const version = versionOf(schema);
    const before = known.get(pathOf({ type, version }));
    const event = before?.event ?? sampled.get(type) ?? { type, data: sampleOf(type, schema), ...elsewhere };
    return { type, version, shape: shapeOf(schema), event };
  });
}

/** Stores what is missing and what has grown. @throws if a shape has changed without a new version */
export function store(goldens: readonly Golden[]): void {
  const before = new Map(stored().map((golden) => [pathOf(golden), golden]));
  mkdirSync(folder, { recursive: true });
  for (const golden of goldens) {
    const path = pathOf(golden);
    const broken = breaks(before.get(path)?.shape ?? golden.shape, golden.shape);
    if (broken.length > 0) throw new Error(`${golden.type} needs a new version: ${broken.join(', ')}`);
    writeFileSync(path, `${JSON.stringify(golden, null, 2)}\n`);
  }
}
