// The webhooks of the stand-ins: sent when journey time gets there, again and again until they are taken.
import type { Instant } from '../../domain/kernel/time.ts';
import { sign, signatureHeader } from '../../interop/signature.ts';
import type { Faults } from './faults.ts';
import type { PartnerClock } from './journey-clock.ts';
import { openLines } from './ledger.ts';
import type { PartyName, Told } from './party.ts';

export interface OutboxOptions {
  readonly clock: PartnerClock;
  /** Without one, nothing is sent. */
  readonly apiUrl: string | undefined;
  readonly secret: string;
  readonly folder: string | undefined;
  readonly faults: Faults;
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
  /** When it is to go out, in journey time. */
  sendAt: Instant;
  tries: number;
  /** Real time before which it is not tried again. */
  notBefore: number;
  copies: number;
  /** The plan has been asked what is to go wrong with it. */
  judged: boolean;
  /** Goes out after the party's next message. */
  held: boolean;
}

/** How late a delayed message is if the plan does not say, in journey time. */
const delayed = 10 * 60_000;
const pauseOf = (tries: number): number => Math.min(30_000, 200 * 2 ** tries);

export function openOutbox({ clock, apiUrl, secret, folder, faults }: OutboxOptions): Outbox {
  const lines = openLines<{ readonly id: string }>('told', folder);
  const done = new Set(lines.known.map(({ id }) => id));
  const waiting = new Map<string, Waiting>();

  const settle = (message: Waiting): void => {
    waiting.delete(message.id);
    done.add(message.id);
    lines.add({ id: message.id });
  };

  const tell = async (message: Waiting): Promise<void> => {
    for (let n = 0; n < message.copies; n += 1) {
      if (await post(`${apiUrl}/v1/webhooks/${message.party}`, secret, message.body)) continue;
      message.tries += 1;
      message.notBefore = Date.now() + pauseOf(message.tries);
      return;
    }
    settle(message);
    for (const other of waiting.values()) if (other.party === message.party) other.held = false;
  };

  const due = (now: Instant): Waiting | undefined =>
    [...waiting.values()]
      .filter(({ sendAt, notBefore, held }) => !held && sendAt <= now && notBefore <= Date.now())
      .toSorted((a, b) => a.sendAt - b.sendAt)[0];

  return {
    put(party, told) {
      const fresh = { party, tries: 0, notBefore: 0, copies: 1, judged: false, held: false };
      for (const message of told) if (!done.has(message.id)) waiting.set(message.id, { ...message, ...fresh, sendAt: message.at });
    },
    withdraw(entryId) {
      for (const id of waiting.keys()) if (id.includes(`${entryId}.`)) waiting.delete(id);
    },
    async flush() {
      if (apiUrl === undefined || waiting.size === 0) return;
      const now = await clock.heard();
      if (now === undefined) return;
      for (let next = due(now); next; next = due(now)) {
        const fault = next.judged ? undefined : faults.take(next.party, 'message');
        if (meet(next, fault, settle)) await tell(next);
      }
    },
  };
}

/** Meets the message with what is to go wrong with it. True if it may go out now. */
function meet(message: Waiting, fault: ReturnType<Faults['take']>, drop: (message: Waiting) => void): boolean {
  message.judged = true;
  if (fault?.fault === 'drop') drop(message);
  if (fault?.fault === 'delay') message.sendAt += fault.by ?? delayed;
  if (fault?.fault === 'duplicate') message.copies = 2;
  if (fault?.fault === 'reorder') message.held = true;
  return !message.held && (fault === undefined || fault.fault === 'none' || fault.fault === 'duplicate');
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
