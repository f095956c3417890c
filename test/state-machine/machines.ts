import ts from 'typescript';
import { statusOf } from '../../domain/journey/delivery/state.ts';
import type { Journey } from '../../domain/journey/state.ts';
import { superState } from '../../domain/journey/super-state.ts';

/** One kind of thing that has a state: a visit, a prescription, the journey itself. */
export interface Machine {
  /** The stage's part of the journey, or `journey`. */
  readonly stage: string;
  /** Where in that part the things stand: `byId`, then `*` for every id. A case stands elsewhere while it is open. */
  readonly paths: readonly (readonly string[])[];
  /** Every state that the type allows. */
  readonly states: readonly string[];
}

/** A thing and where it stands. */
export interface Standing {
  readonly entityId: string;
  readonly state: string;
}

export const nameOf = ({ stage, paths }: Machine): string => {
  const [path = [], ...others] = paths;
  return [stage, ...(others.length > 0 ? [] : path.filter((part) => part !== '*' && part !== 'byId'))].join(' ');
};

/** True for many things of one kind, each with an id. */
export const isKeyed = ({ paths }: Machine): boolean => paths.some((path) => path.includes('*'));

/** The state of every thing that a machine describes. */
export function standings(journey: Journey, machine: Machine): readonly Standing[] {
  const part = partOf(journey, machine);
  const known = seen.get(machine) ?? new WeakMap<object, readonly Standing[]>();
  seen.set(machine, known);
  const standing = known.get(part) ?? machine.paths.flatMap((path) => found(part, path, ''));
  known.set(part, standing);
  return standing;
}

/** Nothing is changed in place, so that where the things of one part stand needs to be found only once. */
const seen = new Map<Machine, WeakMap<object, readonly Standing[]>>();

/** True if no thing of this machine can stand elsewhere than before. */
export const isUntouched = (machine: Machine, before: Journey, after: Journey): boolean =>
  partOf(before, machine) === partOf(after, machine);

const partOf = (journey: Journey, { stage }: Machine): object => (stage === 'journey' ? journey : journey[stage as 'visit']);

function found(value: unknown, path: readonly string[], entityId: string): readonly Standing[] {
  if (value === undefined || value === null) return [];
  const [next, ...rest] = path;
  if (next === undefined) return standing(value as Thing, entityId);
  if (next !== '*') return found((value as Record<string, unknown>)[next], rest, entityId);
  return Object.entries(value as object).flatMap(([key, inner]) => found(inner, rest, entityId === '' ? key : `${entityId} ${key}`));
}

type Thing = Journey | Delivery | { readonly status?: string; readonly caseId?: string };
type Delivery = Parameters<typeof statusOf>[0];

/** Where one thing stands; a journey and a delivery have no field that says it. */
function standing(thing: Thing, entityId: string): readonly Standing[] {
  if ('intake' in thing) return thing.intake.request || thing.intake.refused ? [{ entityId, state: superState(thing) }] : [];
  if ('legs' in thing) return [{ entityId, state: statusOf(thing) }];
  const { status, caseId = '' } = thing;
  return status === undefined ? [] : [{ entityId: entityId || caseId, state: status }];
}

/** Types that name the states of things without a field `status`, with where those stand; they are read before what is inside them. */
const named = [
  { stage: 'journey', path: [], file: 'super-state.ts', type: 'SuperState' },
  { stage: 'delivery', path: ['byId', '*'], file: 'delivery/state.ts', type: 'DeliveryStatus' },
] as const;

/** The machines of every stage, read from the types of the journey: a field `status` that names its states makes one. */
export function readMachines(): readonly Machine[] {
  const typeOf = typesOf('domain/journey', ['state.ts', ...named.map(({ file }) => file)]);
  const { type: journey, checker } = typeOf('state.ts', 'Journey');
  const told = named.map(({ stage, path, file, type }): Machine => ({ stage, paths: [path], states: literals(typeOf(file, type).type) }));
  const read = checker.getPropertiesOfType(journey).flatMap((part): readonly Machine[] => {
    const instead = told.filter((machine) => machine.stage === part.name);
    if (instead.length > 0) return instead;
    return together(statusFields(checker, checker.getTypeOfSymbol(part), []).map((found) => ({ stage: part.name, ...found })));
  });
  return [...told.filter(({ stage }) => stage === 'journey'), ...read];
}

/** Things of one stage with the same states are of one kind, wherever they stand. */
function together(found: readonly Machine[]): readonly Machine[] {
  const kinds = new Map<string, Machine>();
  for (const machine of found) {
    const kind = machine.states.join();
    const { paths = [] } = kinds.get(kind) ?? {};
    kinds.set(kind, { ...machine, paths: [...paths, ...machine.paths] });
  }
  return [...kinds.values()];
}

/** Finds a type that one of these files exports. */
function typesOf(folder: string, names: readonly string[]) {
  const settings = { target: 'es2023', lib: ['es2023'], module: 'nodenext', strict: true, allowImportingTsExtensions: true, types: [] };
  const { options } = ts.convertCompilerOptionsFromJson({ ...settings, noEmit: true }, process.cwd());
  const program = ts.createProgram(
    names.map((name) => `${folder}/${name}`),
    options,
  );
  const checker = program.getTypeChecker();
  return (name: string, exported: string) => {
    const source = program.getSourceFile(`${folder}/${name}`);
    const symbol = source && checker.getSymbolAtLocation(source);
    const found = symbol && checker.getExportsOfModule(symbol).find((known) => known.name === exported);
    if (!found) throw new Error(`${folder}/${name} exports no type ${exported}`);
    return { type: checker.getDeclaredTypeOfSymbol(found), checker };
  };
}

const literals = (type: ts.Type): string[] =>
  (type.isUnion() ? type.types : [type]).flatMap((part) => (part.isStringLiteral() ? [part.value] : []));

/** How deep a state may stand below its stage's part of the journey. */
const deepest = 5;

function statusFields(checker: ts.TypeChecker, type: ts.Type, path: readonly string[]): readonly Pick<Machine, 'paths' | 'states'>[] {
  const own = checker.getNonNullableType(type);
  if (path.length > deepest || !(own.flags & ts.TypeFlags.Object) || checker.isArrayType(own) || checker.isTupleType(own)) return [];
  const element = own.getStringIndexType() ?? own.getNumberIndexType();
  if (element) return statusFields(checker, element, [...path, '*']);
  return checker.getPropertiesOfType(own).flatMap((property) => {
    const inner = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    if (property.name === 'status') {
      const states = literals(inner);
      return states.length > 1 ? [{ paths: [path], states }] : [];
    }
    return statusFields(checker, inner, [...path, property.name]);
  });
}
