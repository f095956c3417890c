import { z } from 'zod';
import type { Actor } from './actor.ts';
import type { Instant } from './time.ts';

/** Text of at most `max` characters; U+0000 is refused because PostgreSQL cannot store it. */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\u0000'), 'holds the character U+0000');

/** Ids are keys of states; a name that every object inherits would be found in an empty one. */
function notInherited(name: string): boolean {
  return !(name in Object.prototype);
}

/** The id of a stream, a person or an entity of a journey: letters, digits, dot, dash and underscore, at most 100. */
export const Id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
  .refine(notInherited, 'is a reserved word');

/** A machine code such as a reason: kebab-case or camelCase, at most 60 characters. */
export const Code = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,59}$/)
  .refine(notInherited, 'is a reserved word');

/** A reference into the vault: random, and says nothing about the text behind it. */
export const Ref = Id;

/** The end of the year 9999: all that a clock adds to an instant before it can still be written as a date. */
const lastInstant = 253_402_300_799_999;

/** Milliseconds since the epoch. */
export const At = z.int().min(0).max(lastInstant);

/** Whole cents. */
export const Cents = z.int().min(0).max(1_000_000_000);

/** Which version of which reference stream a decision used, and the due instants it computed from a calendar. */
const Basis = z.strictObject({
  facts: z.record(z.string(), z.int()).optional(),
  due: z.record(z.string(), At).optional(),
});

/** The licence and the group contract under which a clinical act was done. */
export const LicenceBasis = z.strictObject({ clinicianId: Id, state: Code, licenceId: Id, groupId: Id });
export type LicenceBasis = z.output<typeof LicenceBasis>;

const bases = { basis: Basis.optional(), licenceBasis: LicenceBasis.optional() };

/** Declares the payload of an event and which of its fields names the entity that the event is about. */
export const event = <S extends z.ZodRawShape>(shape: S, entity?: keyof S & string) =>
  z.strictObject({ ...shape, ...bases }).meta({ entity: entity ?? '' });

/** What a stage declares: the schema of each event's data, by event type. */
export type EventSchemas = Readonly<Record<string, z.ZodObject>>;

/** The union of events that a set of schemas declares. */
export type EventOf<S extends EventSchemas> = {
  [T in keyof S & string]: { readonly type: T; readonly data: z.output<S[T]> };
}[keyof S & string];

export type AnyEvent = { readonly type: string; readonly data: object };

/** An event together with what `evolve` may know of how it came about. */
export type Happened<E extends AnyEvent = AnyEvent> = E & {
  readonly id: string;
  /** When it happened in the world; clocks run from it. */
  readonly occurredAt: Instant;
  readonly commandId: string;
  readonly commandType: string;
  readonly actor: Actor;
};
