import { z } from 'zod';

/** Values that a field of this name may take here, the likeliest first; nothing if the name says nothing. */
export type Known = (field: string) => readonly unknown[];

const widest = 24;

/**
 * Data as a schema reads it: the fullest first, then the sparest, then each with one field changed at a time, so that every
 * outcome of an enumeration and every known id occurs.
 */
export function samplesOf(schema: z.ZodType, known: Known): readonly unknown[] {
  const { fields, samples } = remembered.get(schema) ?? {
    fields: [...fieldsOf(schema, '')],
    samples: new Map<string, readonly unknown[]>(),
  };
  remembered.set(schema, { fields, samples });
  const key = JSON.stringify(fields.map(known));
  const read = samples.get(key) ?? readable(schema, known);
  samples.set(key, read);
  return read;
}

const readable = (schema: z.ZodType, known: Known): readonly unknown[] =>
  variants(schema, '', known).flatMap((value) => {
    const read = schema.safeParse(value);
    return read.success ? [read.data] : [];
  });

/** By schema, the fields that it asks for, and the samples that their values have given. */
const remembered = new WeakMap<z.ZodType, { readonly fields: readonly string[]; readonly samples: Map<string, readonly unknown[]> }>();

function fieldsOf(schema: z.ZodType, field: string): ReadonlySet<string> {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return fieldsOf(schema.unwrap() as z.ZodType, field);
  const inner = (types: readonly unknown[]) => types.flatMap((type) => [...fieldsOf(type as z.ZodType, field)]);
  if (schema instanceof z.ZodArray) return new Set([field, ...inner([schema.element])]);
  if (schema instanceof z.ZodRecord) return new Set([field, ...inner([schema.valueType])]);
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion) return new Set([field, ...inner(schema.options)]);
  if (!(schema instanceof z.ZodObject)) return new Set([field]);
  return new Set([field, ...Object.entries(schema.shape).flatMap(([name, type]) => [...fieldsOf(type as z.ZodType, name)])]);
}

function variants(schema: z.ZodType, field: string, known: Known): readonly unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return variants(schema.unwrap() as z.ZodType, field, known);
  const values = known(field).filter((value) => schema.safeParse(value).success);
  if (values.length > 0) return values;
  if (schema instanceof z.ZodObject) return objects(schema, known);
  if (schema instanceof z.ZodArray) return arrays(schema, field, known);
  if (schema instanceof z.ZodRecord) return records(schema, field, known);
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion)
    return schema.options.flatMap((option) => variants(option as z.ZodType, field, known));
  return scalars(schema, field);
}

function scalars(schema: z.ZodType, field: string): readonly unknown[] {
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodBoolean) return [true, false];
  if (schema instanceof z.ZodNumber) return [Math.max(1, schema.minValue ?? 1)];
  if (schema instanceof z.ZodISODate) return ['2026-08-31'];
  if (schema instanceof z.ZodString) return [field === '' ? 'sample' : `${field}-1`];
  throw new Error(`no sample is known for ${schema.def.type} ${field}`);
}

function objects(schema: z.ZodObject, known: Known): readonly unknown[] {
  const fields = Object.entries(schema.shape).map(([name, inner]) => {
    const field = inner as z.ZodType;
    const isOptional = field instanceof z.ZodOptional || field instanceof z.ZodDefault;
    return { name, isOptional, values: variants(field, name, known).slice(0, widest) };
  });
  const first = (some: typeof fields) => Object.fromEntries(some.map(({ name, values }) => [name, values[0]]));
  const full = first(fields);
  const sparse = first(fields.filter(({ isOptional }) => !isOptional));
  const changed = fields.flatMap(({ name, values, isOptional }) => [
    ...values
      .slice(1)
      .flatMap((value) => (isOptional ? [{ ...full, [name]: value }] : [full, sparse].map((base) => ({ ...base, [name]: value })))),
    ...(isOptional ? [{ ...sparse, [name]: values[0] }] : []),
  ]);
  return fields.some(({ isOptional }) => isOptional) ? [full, sparse, ...changed] : [full, ...changed.filter((_, i) => i % 2 === 0)];
}

function arrays(schema: z.ZodArray, field: string, known: Known): readonly unknown[] {
  const one = variants(schema.element as z.ZodType, field, known).slice(0, widest);
  return [...one.map((value) => [value]), ...(schema.safeParse([]).success ? [[]] : [])];
}

function records(schema: z.ZodRecord, field: string, known: Known): readonly unknown[] {
  const keys = schema.keyType instanceof z.ZodEnum ? schema.keyType.options.map(String) : ['first', 'second'];
  const values = variants(schema.valueType as z.ZodType, field, known);
  const all = (value: unknown) => Object.fromEntries(keys.map((key) => [key, value]));
  const [first, ...others] = values;
  return [...values.map(all), ...keys.flatMap((key) => others.slice(0, 2).map((value) => ({ ...all(first), [key]: value })))];
}
