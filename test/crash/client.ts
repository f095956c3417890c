// Clients of a system whose processes die: some repeat what was not answered, some never do.
import { decodeJwt } from 'jose';
import { commandIdOf } from '../../api/idempotency.ts';
import { developmentIssuer } from '../../config.ts';
import { type Call, call } from '../../dev/journeys/drive.ts';
import type { TestSystem } from '../parts/system.ts';
import { pause } from '../workflows/run-setting.ts';

/** What the system has said about one command. */
export interface Answered {
  readonly commandId: string;
  readonly events: readonly { readonly id: string }[];
}

export interface Client {
  readonly call: typeof call;
  /** Every command that was accepted. */
  readonly accepted: readonly Answered[];
  /** Every command whose answer got lost. */
  readonly lost: readonly string[];
}

const patienceMs = 60_000;
const lookEveryMs = 100;

/** Nobody answered, or somebody who could not know: the same may be asked again. What fetch throws is no Error of the world jest makes. */
const isOutage = (error: unknown): boolean => {
  const { name, message } = error as Error;
  return name === 'TypeError' || /answered 50[234]/.test(message);
};

/** A client that repeats each request under the same key, or one that looks whether its command has happened and else gives another. */
export function openClient(system: TestSystem, retries: boolean): Client {
  const accepted: Answered[] = [];
  const lost: string[] = [];

  const noted = async (asked: Call): Promise<unknown> => {
    const answer = await call(system, asked);
    const { events } = (answer ?? {}) as { readonly events?: Answered['events'] };
    if (asked.method === 'POST' && events) accepted.push({ commandId: commandOf(system, asked), events });
    return answer;
  };

  /** A command given anew is refused when the one before it happened after all. */
  const orLook = async (asked: Call, earlier: readonly string[] = []): Promise<unknown> => {
    try {
      return await noted(asked);
    } catch (error) {
      if (!isOutage(error) && !(isRefusal(error) && earlier.length > 0)) throw error;
      const given = [...earlier, commandOf(system, asked)];
      lost.push(...given.slice(-1));
      const left = await lookFor(system, given);
      if (left) return left;
      if (!isOutage(error)) throw error;
      return orLook({ ...asked, key: `${asked.key}-anew` }, given);
    }
  };

  return {
    accepted,
    lost,
    call: (_, asked) => (retries || asked.method !== 'POST' ? repeated(() => noted(asked)) : orLook(asked)),
  };
}

const isRefusal = (error: unknown): boolean => /answered 409/.test((error as Error).message);

async function repeated(ask: () => Promise<unknown>): Promise<unknown> {
  for (const until = Date.now() + patienceMs; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!isOutage(error) || Date.now() > until) throw error;
      await pause(lookEveryMs);
    }
  }
}

/** The id of the command that a request gives. */
function commandOf({ tokens }: TestSystem, { path, role, key = '' }: Call): string {
  const { sub } = decodeJwt(tokens[role] ?? '');
  return commandIdOf({ client: `${developmentIssuer}|${sub}`, path, key });
}

/** As long as somebody waits who sees nothing happen before giving a command once more. */
const doubtMs = 5_000;

/** What one of these commands has left, once it has left something; undefined if that takes too long. */
async function lookFor({ database }: TestSystem, commandIds: readonly string[]): Promise<object | undefined> {
  for (const until = Date.now() + doubtMs; Date.now() < until; await pause(lookEveryMs)) {
    const text = 'SELECT DISTINCT stream FROM events WHERE command_id = ANY($1)';
    const { rows } = await database.writer.query<{ stream: string }>(text, [commandIds]);
    if (rows[0]) return { journeyId: rows[0].stream.slice('journey-'.length) };
  }
  return undefined;
}
