// What partners sent, turned into commands.
import { commandOf, type FactCommand } from '../interop/webhooks.ts';
import type { Checkpoints, Inbox, InboxMessage } from '../store/ports.ts';
import type { Sender } from '../workflows/send.ts';
import type { Delivery } from './lanes.ts';
import { pause, type RunningReader, startReader, type Trouble } from './reader.ts';

export interface InboxOptions {
  readonly inbox: Inbox;
  readonly checkpoints: Checkpoints;
  readonly send: Sender['send'];
  readonly report: (trouble: Trouble) => void;
  /** Told of a message that was set aside. */
  readonly parked: (message: { readonly position: number; readonly source: string; readonly reason: string }) => void;
  readonly pauseOf?: (tries: number) => number;
}

const pageSize = 100;
const lookEveryMs = 100;
const patienceMs = 5_000;

/** Reads the inbox and gives each message's command to its journey. What no journey takes is set aside with the reason. */
export function startInbox({ inbox, checkpoints, send, report, parked, pauseOf }: InboxOptions): RunningReader {
  const park = async ({ position, source }: InboxMessage, reason: string): Promise<void> => {
    await inbox.park(position, reason);
    parked({ position, source, reason });
  };

  const deliver = async (received: InboxMessage, journeyId: string, message: FactCommand): Promise<void> => {
    const answer = await send(journeyId, message, patienceMs);
    if (answer.accepted) return;
    // The clock of the machine that received it runs ahead of the one that decides; it catches up.
    if (answer.code === 'occurred-in-future') throw new Error(answer.code);
    await park(received, answer.code);
  };

  const deliveriesOf = (received: InboxMessage): readonly Delivery[] => {
    const mapped = commandOf(received);
    if (mapped.to === 'ignored') return [];
    if (mapped.to === 'parked') return [{ target: `parked-${received.position}`, deliver: () => park(received, mapped.reason) }];
    return [{ target: mapped.journeyId, deliver: () => deliver(received, mapped.journeyId, mapped.message) }];
  };

  async function* follow(after: number, signal: AbortSignal) {
    for (let next = after; !signal.aborted; ) {
      const page = await inbox.read(next, pageSize);
      for (const received of page) yield { position: received.position, deliveries: deliveriesOf(received) };
      next = page.at(-1)?.position ?? next;
      if (page.length < pageSize) await pause(lookEveryMs, signal);
    }
  }

  return startReader({ name: 'inbox', checkpoints, follow, report, pauseOf });
}
