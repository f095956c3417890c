// Reads what comes in. An error names the field and what is expected, and never repeats what was sent.
import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { type FieldError, Problem } from './problems.ts';

type Issue = z.core.$ZodIssue;

/** Checks each part of a request against its zod schema. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const declared = namesIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return (data) => {
    const unfit = httpPart === 'body' ? unfitness(data) : undefined;
    if (unfit) return { error: new Problem('input-invalid', { errors: [unfit] }) };
    const { success, data: value, error } = schema.safeParse(data);
    return success ? { value } : { error: problemIn(error.issues, declared, httpPart) };
  };
};

function problemIn(issues: readonly Issue[], declared: ReadonlySet<string>, part = 'body'): Problem {
  if (part === 'headers' && issues.some((issue) => issue.path[0] === 'idempotency-key' && isMissing(issue)))
    return new Problem('idempotency-key-missing');
  const errors = issues.slice(0, 50).map((issue) => fieldError(issue, declared));
  return new Problem('input-invalid', { errors });
}

function fieldError(issue: Issue, declared: ReadonlySet<string>): FieldError {
  const field = issue.path.map((part) => (typeof part === 'number' || declared.has(String(part)) ? String(part) : '*')).join('.');
  return { field, ...judge(issue, declared) };
}

const isMissing = (issue: Issue): boolean => issue.code === 'invalid_type' && issue.message.endsWith('received undefined');

/** What is wrong and what would be right, from the schema's side alone. */
function judge(issue: Issue, declared: ReadonlySet<string>): Omit<FieldError, 'field'> {
  switch (issue.code) {
    case 'invalid_type':
      return { problem: isMissing(issue) ? 'is missing' : 'is of the wrong type', remedy: `Send a value of type ${issue.expected}.` };
    case 'invalid_value':
      return { problem: 'is none of the allowed values', remedy: `Send one of: ${issue.values.map(String).join(', ')}.` };
    case 'too_small':
      return { problem: 'is too small', remedy: `Send at least ${issue.minimum}${unitOf(issue.origin)}.` };
    case 'too_big':
      return { problem: 'is too large', remedy: `Send at most ${issue.maximum}${unitOf(issue.origin)}.` };
    case 'invalid_format':
      return { problem: 'has the wrong form', remedy: formOf(issue) };
    case 'unrecognized_keys':
      return {
        problem: 'holds a field that is not known here',
        remedy: `Send none but: ${[...declared].join(', ') || 'no field at all'}.`,
      };
    case 'custom':
      return { problem: issue.message, remedy: 'Send what the API documentation describes.' };
    default:
      return { problem: 'has none of the allowed forms', remedy: 'Send what the API documentation describes.' };
  }
}

/** A named format is clearer than its pattern. */
const formOf = ({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): string =>
  format === 'datetime' ? 'Send an instant as ISO 8601, such as 2026-10-06T09:00:00Z.' : `Send text that matches ${pattern}.`;

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' items', record: ' fields' };
const unitOf = (origin: string): string => units[origin] ?? '';

/** Every name that the schema declares: only these may be named in an answer. */
function namesIn(schema: unknown): ReadonlySet<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const { properties = {} } = schema as { readonly properties?: object };
  const below = Object.values(schema).flatMap((value) => [...namesIn(value)]);
  return new Set([...Object.keys(properties), ...below]);
}

const deepest = 20;
const unstorable = /\0|\p{Surrogate}/u;

/** What no schema asks about: nesting, and characters that the store cannot hold. */
function unfitness(body: unknown): FieldError | undefined {
  let level: readonly unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return { field: '*', problem: 'is nested too deeply', remedy: `Nest at most ${deepest} levels.` };
    const objects = level.filter((value) => typeof value === 'object' && value !== null);
    const keys = objects.flatMap((value) => (Array.isArray(value) ? [] : Object.keys(value)));
    if ([...level, ...keys].some((value) => typeof value === 'string' && unstorable.test(value)))
      return { field: '*', problem: 'holds a character that cannot be stored', remedy: 'Send text without U+0000 and lone surrogates.' };
    level = objects.flatMap((value) => Object.values(value));
  }
  return undefined;
}
