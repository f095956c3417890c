// The webhooks of the stand-ins: sent when journey time gets there, again and again until they are taken.
import type { Instant } from '../../domain/kernel/time.ts';
import { sign, signatureHeader } from '../../interop/signature.ts';
import type { PartnerClock } from './journey-clock.ts';
import { openLines } from './ledger.ts';
import type { Mode, PartyName, Told } from './party.ts';

export interface OutboxOptions {
  readonly clock: PartnerClock;
  /** Without one, nothing is sent. */
  readonly apiUrl: string | undefined;
  readonly secret: string;
  readonly folder: string | undefined;
  readonly modeOf: (party: PartyName) => Mode;
}

export interface Outbox {
  /** Puts down what is to be told; what was told before is left out. */
  put(party: PartyName, told: readonly Told[]): void;
  /** Leaves out what has not been told yet of an entry. */
  withdraw(entryId: string): void;
  /** Sends what is due. */
  flush(): Promise<void>;
}

interface Waiting extends Told {
  readonly party: PartyName;
  tries: number;
  /** Real time before which it is not tried again. */
  notBefore: number;
}

const delayed = 10 * 60_000;
const pauseOf = (tries: number): number => Math.min(30_000, 200 * 2 ** tries);

export function openOutbox({ clock, apiUrl, secret, folder, modeOf }: OutboxOptions): Outbox {
  const lines = openLines<{ readonly id: string }>('told', folder);
  const done = new Set(lines.known.map(({ id }) => id));
  const waiting = new Map<string, Waiting>();

  const settle = (message: Waiting): void => {
    waiting.delete(message.id);
    done.add(message.id);
    lines.add({ id: message.id });
  };

  const tell = async (message: Waiting): Promise<void> => {
    const mode = modeOf(message.party);
    if (mode === 'drop') return settle(message);
    const times = mode === 'duplicate' ? 2 : 1;
    for (let n = 0; n < times; n += 1) {
      if (await post(`${apiUrl}/v1/webhooks/${message.party}`, secret, message.body)) continue;
      message.tries += 1;
      message.notBefore = Date.now() + pauseOf(message.tries);
      return;
    }
    settle(message);
  };

  return {
    put(party, told) {
      for (const message of told) if (!done.has(message.id)) waiting.set(message.id, { ...message, party, tries: 0, notBefore: 0 });
    },
    withdraw(entryId) {
      for (const id of waiting.keys()) if (id.includes(`${entryId}.`)) waiting.delete(id);
    },
    async flush() {
      if (apiUrl === undefined || waiting.size === 0) return;
      const now = await clock.heard();
      if (now === undefined) return;
      const due = dueAt(now, [...waiting.values()], modeOf);
      for (const message of due) await tell(message);
    },
  };
}

function dueAt(now: Instant, waiting: readonly Waiting[], modeOf: OutboxOptions['modeOf']): readonly Waiting[] {
  const due = waiting
    .filter(({ party, at, notBefore }) => at + (modeOf(party) === 'delay' ? delayed : 0) <= now && notBefore <= Date.now())
    .toSorted((a, b) => a.at - b.at);
  return due.some(({ party }) => modeOf(party) === 'reorder') ? due.toReversed() : due;
}

async function post(url: string, secret: string, body: object): Promise<boolean> {
  const bytes = Buffer.from(JSON.stringify(body));
  try {
    const response = await fetch(url, {
      method: 'POST',
      signal: AbortSignal.timeout(2_000),
      headers: { 'content-type': 'application/json', [signatureHeader]: sign(secret, bytes, Date.now()) },
      body: bytes,
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
