import type { AnyEvent } from './event.ts';
import type { RefusalCode } from './refusals.ts';

/** A refusal may leave events too, when a patient, a clinician or an auditor would care that it happened. */
export type Decision<E extends AnyEvent = AnyEvent> =
  | { readonly accepted: true; readonly events: readonly E[] }
  | { readonly accepted: false; readonly code: RefusalCode; readonly events: readonly E[] };

export const accept = <E extends AnyEvent>(...events: readonly E[]): Decision<E> => ({ accepted: true, events });

/** Nothing to do: the command has already had its effect. */
export const already: Decision<never> = { accepted: true, events: [] };

export const refuse = <E extends AnyEvent = never>(code: RefusalCode, ...events: readonly E[]): Decision<E> => ({
  accepted: false,
  code,
  events,
});
