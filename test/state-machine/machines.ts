import ts from 'typescript';
import type { Journey } from '../../domain/journey/state.ts';
import { superState } from '../../domain/journey/super-state.ts';

/** One kind of thing that has a state: a visit, a prescription, the journey itself. */
export interface Machine {
  /** The stage's part of the journey, or `journey`. */
  readonly stage: string;
  /** Where in that part the states stand: `byId`, then `*` for every id. */
  readonly path: readonly string[];
  /** Every state that the type of the field allows. */
  readonly states: readonly string[];
}

/** A thing and where it stands. */
export interface Standing {
  readonly entityId: string;
  readonly state: string;
}

export const nameOf = ({ stage, path }: Machine): string => [stage, ...path.filter((part) => part !== '*' && part !== 'byId')].join(' ');

/** The state of every thing that a machine describes. */
export function standings(journey: Journey, { stage, path }: Machine): readonly Standing[] {
  if (stage === 'journey') return journey.intake.request || journey.intake.refused ? [{ entityId: '', state: superState(journey) }] : [];
  return found(sliceOf(journey, stage), path, '');
}

/** True if no thing of this machine can stand elsewhere than before. */
export const isUntouched = ({ stage }: Machine, before: Journey, after: Journey): boolean =>
  stage !== 'journey' && sliceOf(before, stage) === sliceOf(after, stage);

const sliceOf = (journey: Journey, stage: string): unknown => (journey as unknown as Record<string, unknown>)[stage];

function found(value: unknown, path: readonly string[], entityId: string): readonly Standing[] {
  if (value === undefined || value === null) return [];
  const [next, ...rest] = path;
  if (next === undefined) {
    const { status } = value as { readonly status?: string };
    return status === undefined ? [] : [{ entityId, state: status }];
  }
  if (next !== '*') return found((value as Record<string, unknown>)[next], rest, entityId);
  return Object.entries(value as object).flatMap(([key, inner]) => found(inner, rest, entityId === '' ? key : `${entityId} ${key}`));
}

/** The machines of every stage, read from the types of the journey: a field `status` that names its states makes one. */
export function readMachines(): readonly Machine[] {
  const files = ['domain/journey/state.ts', 'domain/journey/super-state.ts'];
  const { options } = ts.convertCompilerOptionsFromJson(
    { target: 'es2023', module: 'nodenext', strict: true, noEmit: true, allowImportingTsExtensions: true, types: [] },
    process.cwd(),
  );
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const typeOf = (file: string, name: string): ts.Type => {
    const source = program.getSourceFile(file);
    const symbol = source && checker.getSymbolAtLocation(source);
    const found = symbol && checker.getExportsOfModule(symbol).find((exported) => exported.name === name);
    if (!found) throw new Error(`${file} exports no type ${name}`);
    return checker.getDeclaredTypeOfSymbol(found);
  };
  const stages = checker.getPropertiesOfType(typeOf('domain/journey/state.ts', 'Journey'));
  return [
    { stage: 'journey', path: [], states: literals(typeOf('domain/journey/super-state.ts', 'SuperState')) },
    ...stages.flatMap((stage) =>
      statusFields(checker, checker.getTypeOfSymbol(stage), []).map((machine) => ({ stage: stage.name, ...machine })),
    ),
  ];
}

const literals = (type: ts.Type): string[] =>
  (type.isUnion() ? type.types : [type]).flatMap((part) => (part.isStringLiteral() ? [part.value] : []));

/** How deep a state may stand below its stage's part of the journey. */
const deepest = 5;

function statusFields(checker: ts.TypeChecker, type: ts.Type, path: readonly string[]): readonly Omit<Machine, 'stage'>[] {
  const own = checker.getNonNullableType(type);
  if (path.length > deepest || !(own.flags & ts.TypeFlags.Object) || checker.isArrayType(own) || checker.isTupleType(own)) return [];
  const element = own.getStringIndexType() ?? own.getNumberIndexType();
  if (element) return statusFields(checker, element, [...path, '*']);
  return checker.getPropertiesOfType(own).flatMap((property) => {
    const inner = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    if (property.name === 'status') {
      const states = literals(inner);
      return states.length > 1 ? [{ path, states }] : [];
    }
    return statusFields(checker, inner, [...path, property.name]);
  });
}
