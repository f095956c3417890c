// A caller that plays the first day of J-1 again and again, each command as soon as the one before is answered.
import type { Role } from '../../domain/kernel/actor.ts';
import type { Answer, CommandMessage } from '../../workflows/messages.ts';
import type { Sender } from '../../workflows/send.ts';
import { j1 } from '../journeys/j1.ts';
import { tellers } from '../journeys/outside-facts.ts';
import type { Cast, WorkedStep } from '../journeys/step.ts';

/** The commands of J-1 up to the delivery: what comes later waits for days. */
export function firstDayOf(cast: Cast): readonly WorkedStep[] {
  const steps = j1(cast);
  return steps.slice(
    0,
    steps.findIndex(({ command }) => command === 'SendCheckIn'),
  );
}

/** One journey of a caller: each call gives its next command. */
export interface Play {
  /** Gives the next command; false once all were given. @throws Error when one is refused */
  next(): Promise<boolean>;
}

export interface PlayOptions {
  readonly send: Sender['send'];
  readonly journeyId: string;
  readonly cast: Cast;
  readonly reference: (text: string) => string;
  /** Answers without events, as idle activities give them, name no entity. */
  readonly isIdle: boolean;
}

/** A journey that is played from its first command on. */
export function openPlay({ send, journeyId, cast, reference, isIdle }: PlayOptions): Play {
  const steps = firstDayOf(cast);
  const entities = new Map<string, string>();
  let index = 0;
  return {
    async next() {
      const step = steps[index];
      if (!step) return false;
      const answer = await send(journeyId, messageOf(step, { journeyId, index, cast, entities, reference }));
      if (!answer.accepted) throw new Error(`${step.command} was refused: ${answer.code}`);
      if (!isIdle) note(answer, entities);
      index += 1;
      return true;
    },
  };
}

interface Playing {
  readonly journeyId: string;
  readonly index: number;
  readonly cast: Cast;
  readonly entities: ReadonlyMap<string, string>;
  readonly reference: (text: string) => string;
}

function messageOf(step: WorkedStep, { journeyId, index, cast, entities, reference }: Playing): CommandMessage {
  const { at, role, command } = step;
  const data = step.data((type) => entities.get(type) ?? 'entity', reference);
  return { id: `${journeyId}#${index}`, type: command, data, actor: actorOf(role, command, cast), source: 'api', occurredAt: at };
}

function actorOf(role: Role, command: string, cast: Cast): CommandMessage['actor'] {
  if (role === 'T') return { kind: 'system', id: 'caretrail', role };
  if (role === 'A') return { kind: 'partner', id: tellers[command] ?? 'partner', role };
  const people: Partial<Record<Role, string>> = { X: cast.proxyId, P: cast.patientId, C: cast.clinicianId, V: cast.visitorId };
  return { kind: 'person', id: people[role] ?? 'bench', role };
}

function note({ events }: Answer, entities: Map<string, string>): void {
  for (const { type, entityId } of events) entities.set(type, entityId);
}
