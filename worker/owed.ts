// What events owe to other streams is sent from the log, so that it is sent for certain (design: claims and debts between streams).
import type { ExecuteOn } from '../activities/claims.ts';
import { system } from '../domain/kernel/actor.ts';
import { type Owed, owedBy } from '../domain/owed.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Checkpoints } from '../store/ports.ts';
import type { Answer, CommandMessage } from '../workflows/messages.ts';
import type { Sender } from '../workflows/send.ts';
import { type RunningReader, startReader, type Trouble } from './reader.ts';

export interface OwedOptions {
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  /** Gives a command to a journey. */
  readonly send: Sender['send'];
  /** Gives a command to any other stream. */
  readonly executeOn: ExecuteOn;
  readonly report: (trouble: Trouble) => void;
  /** Told of a debt that its target refused, which no repetition mends. */
  readonly refused: (refusal: { readonly target: string; readonly commandId: string; readonly code: string }) => void;
  readonly pauseOf?: (tries: number) => number;
}

/** How long one journey may take before it has to wait. */
const patienceMs = 5_000;

/** Answers after which the same command may yet be taken: a defect that is mended, a clock that catches up. */
const mayPass: readonly string[] = ['internal-error', 'occurred-in-future'];

/** Reads the log and sends each debt to the stream that it is owed to. */
export function startOwed({ store, checkpoints, send, executeOn, report, refused, pauseOf }: OwedOptions): RunningReader {
  const deliver = async ({ target: { category, id }, command }: Owed, eventId: string): Promise<void> => {
    const message: CommandMessage = { ...command, actor: command.actor ?? system, source: 'owed', causationId: eventId };
    const answer: Answer = category === 'journey' ? await send(id, message, patienceMs) : await executeOn(category, id, message);
    if (answer.accepted) return;
    if (mayPass.includes(answer.code)) throw new Error(answer.code);
    refused({ target: `${category}-${id}`, commandId: command.id, code: answer.code });
  };

  async function* follow(after: number, signal: AbortSignal) {
    for await (const event of store.subscribe({ after, signal })) {
      const deliveries = owedBy(event).map((owed) => ({
        target: `${owed.target.category}-${owed.target.id}`,
        deliver: () => deliver(owed, event.id),
      }));
      yield { position: event.position, deliveries };
    }
  }

  return startReader({ name: 'owed', checkpoints, follow, report, pauseOf });
}
