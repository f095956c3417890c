import type { Actor, Role } from '../../domain/kernel/actor.ts';
import { type Aggregate, foldAll } from '../../domain/kernel/aggregate.ts';
import type { AnyEvent, Happened } from '../../domain/kernel/event.ts';
import type { Instant } from '../../domain/kernel/time.ts';

export const noon = Date.UTC(2026, 9, 6, 12, 0);

/** An event, and when it happened if that was not at noon. */
export type Given = AnyEvent & { readonly at?: Instant; readonly by?: Actor };

export const person = (role: Role, id = `person-${role}`): Actor => ({ kind: 'person', id, role });

interface When {
  readonly actor?: Actor;
  readonly now?: Instant;
  readonly at?: Instant;
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface Then {
  readonly refusal?: string;
  readonly types: readonly string[];
  readonly data: readonly object[];
  /** The history with what the decision has added. */
  readonly history: readonly Given[];
}

/** Decides one command after a history, as the streams do it: data and events are held against their schemas. */
export function decideOn<State>(aggregate: Aggregate<State>, history: readonly Given[], type: string, data: object, when: When = {}): Then {
  const { actor = person('T', 'caretrail'), now = noon, at = now, facts = {} } = when;
  const state = foldHistory(aggregate, history);
  const command = { type, data: aggregate.commands[type]?.data.parse(data), actor };
  const context = { facts, now, at, newId: (label: string) => label, eventId: String };
  const decision = aggregate.decide[type]?.(state as never, command as never, context as never);
  if (!decision) throw new Error(`no decision for ${type}`);
  for (const event of decision.events) aggregate.events[event.type]?.parse(event.data);
  return {
    ...(!decision.accepted && { refusal: decision.code }),
    types: decision.events.map((event) => event.type),
    data: decision.events.map((event) => event.data),
    history: [...history, ...decision.events.map((event) => ({ ...event, at, by: actor }))],
  };
}

/** The state after a history. */
export const foldHistory = <State>(aggregate: Aggregate<State>, history: readonly Given[]): State =>
  foldAll(aggregate, history.map(happened));

const happened = ({ type, data, at = noon, by = person('T', 'caretrail') }: Given, i: number): Happened => ({
  type,
  data,
  id: `event-${i}`,
  occurredAt: at,
  commandId: `command-${i}`,
  commandType: 'Given',
  actor: by,
});
