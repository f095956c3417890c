// From the schema of a command to the fields of a form, and from what was entered to the body that is sent.
import type { Journey, Schema } from './shapes.ts';

/** How a value is entered. */
export type Kind = 'text' | 'number' | 'instant' | 'choice' | 'yesNo' | 'list' | 'kept' | 'structure';

/** One field of a form. */
export interface Field {
  readonly name: string;
  readonly kind: Kind;
  readonly schema: Schema;
  readonly required: boolean;
  /** Ids of the journey that fit here. */
  readonly known: readonly string[];
}

/** What was entered, as text, by field. */
export type Entered = Readonly<Record<string, string>>;

const lastInstant = 253_402_300_799_999;

/** The fields of a command, with the ids of this journey that fit each. */
export const fieldsOf = ({ properties = {}, required = [] }: Schema, journey: Journey): readonly Field[] =>
  Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    kind: kindOf(name, schema),
    required: required.includes(name),
    known: knownIds(name, journey),
  }));

/** What stands in the fields at first: an id that can only be one. */
export const firstEntered = (fields: readonly Field[]): Entered =>
  Object.fromEntries(fields.map(({ name, known, required }) => [name, required && known.length === 1 ? (known[0] ?? '') : '']));

function kindOf(name: string, schema: Schema): Kind {
  if (schema.enum) return 'choice';
  if (schema.type === 'boolean') return 'yesNo';
  if (schema.type === 'integer' && schema.maximum === lastInstant) return 'instant';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'array' && schema.items?.type === 'string') return 'list';
  if (schema.type !== 'string') return 'structure';
  return name.endsWith('Ref') ? 'kept' : 'text';
}

const childKinds: Readonly<Record<string, string>> = {
  consultId: 'consult',
  visitId: 'visit',
  orderId: 'labOrder',
  rxId: 'prescription',
  deliveryId: 'delivery',
};

function knownIds(name: string, { children, tasks, charges }: Journey): readonly string[] {
  if (name === 'taskId') return tasks.filter(({ status }) => status === 'open').map(({ taskId }) => taskId);
  if (name === 'chargeId') return charges.map(({ chargeId }) => chargeId);
  const kind = childKinds[name];
  return children.filter((child) => child.kind === kind).map(({ id }) => id);
}

/** Keeps a text in the vault. Returns the reference that goes into the command. */
export type Keep = (text: string) => Promise<string>;

/** The body of the command. @throws SyntaxError when a structure is no JSON; whatever `keep` throws */
export async function bodyOf(fields: readonly Field[], entered: Entered, keep: Keep): Promise<object> {
  const values = await Promise.all(
    fields.map(async (field) => {
      const text = entered[field.name]?.trim() ?? '';
      return [field.name, text === '' ? emptyOf(field) : await entryOf(field, text, keep)] as const;
    }),
  );
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** A list that must be there may be empty; all else that was not entered is left out. */
const emptyOf = ({ kind, required }: Field): unknown => (kind === 'list' && required ? [] : undefined);

async function entryOf({ kind, schema }: Field, text: string, keep: Keep): Promise<unknown> {
  switch (kind) {
    case 'number':
      return Number(text);
    case 'instant':
      return Date.parse(text);
    case 'yesNo':
      return text === 'true';
    case 'choice':
      return schema.enum?.find((value) => String(value) === text);
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean);
    case 'structure':
      return JSON.parse(text);
    case 'kept':
      return keep(text);
    default:
      return text;
  }
}
