// Sends bad requests and judges what comes back.
import type { EveryRoute, Operation } from './every-operation.ts';
import type { Claims } from './running-api.ts';

/** Stands wherever content may stand; no log and no answer may hold it. */
export const marker = '<xyzzy> 4711';

/** One request; what is left out is as it should be. */
export interface Bad {
  readonly what: string;
  readonly url?: string;
  /** The raw body; `undefined` where none is to be sent. */
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly who?: Claims | undefined;
  /** Instead of a token. */
  readonly authorization?: string;
  /** What must be answered; any documented answer but a 5xx if it is left out. */
  readonly status?: number;
  readonly code?: string;
}

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly code: string;
}

export type Cases = readonly (readonly [Operation, Bad])[];

/** The cases that each of these operations is asked. */
export const casesOf = (operations: readonly Operation[], of: (operation: Operation) => readonly Bad[]): Cases =>
  operations.flatMap((operation) => of(operation).map((bad) => [operation, bad] as const));

/** So many of these values, others for each turn: each operation is asked some, and all together are asked every one. */
export const inTurn = <T>(values: readonly T[], turn: number, count = 1): readonly T[] =>
  [...values, ...values].slice((turn * count) % values.length).slice(0, count);

/** What may not differ between before and after. */
interface Standing {
  /** Position of the last event. */
  readonly head: number;
  /** Idempotency keys that somebody has used, and those of them that an answer is kept for. */
  readonly claimed: number;
  readonly kept: number;
  readonly inbox: number;
  /** Texts in the vault. */
  readonly texts: number;
  readonly clock: unknown;
}

export interface Judge {
  send(operation: Operation, bad: Bad): Promise<Got>;
  /** Everything that is wrong with the answers to these, one line each; empty if nothing is. */
  faults(cases: Cases): Promise<readonly string[]>;
  /** Whatever a bad request must leave as it is. */
  standing(): Promise<Standing>;
  /** Lines of the log that no bad request may leave. */
  loud(): readonly string[];
  /** Expects that all are refused as they should be, and leave nothing behind: no event, no key, no message, no text, no loud line. */
  expectRefused(cases: Cases, atLeast: number): Promise<void>;
}

const atOnce = 8;

const counted = `SELECT (SELECT count(*)::int FROM idempotency) AS claimed,
  (SELECT count(*)::int FROM idempotency WHERE status IS NOT NULL) AS kept,
  (SELECT count(*)::int FROM inbox) AS inbox,
  (SELECT count(*)::int FROM vault_texts) AS texts`;

export function createJudge({ api, lines }: EveryRoute): Judge {
  const tokens = new Map<string, Promise<string>>();
  let count = 0;
  const tokenOf = (who: Claims): Promise<string> => {
    const key = JSON.stringify(who);
    const token = tokens.get(key) ?? api.sign(who);
    tokens.set(key, token);
    return token;
  };

  async function send(operation: Operation, bad: Bad): Promise<Got> {
    const { method, url, who, body, needsKey } = operation;
    count += 1;
    const asks = 'who' in bad ? bad.who : who;
    const payload = 'body' in bad ? bad.body : body && JSON.stringify(body.samples[0]);
    const authorization = bad.authorization ?? (asks && `Bearer ${await tokenOf(asks)}`);
    const wanted: Record<string, string | undefined> = {
      ...(authorization !== undefined && { authorization }),
      ...(payload !== undefined && { 'content-type': 'application/json' }),
      ...(needsKey && { 'idempotency-key': `bad-request-${count}` }),
      origin: api.address,
      ...bad.headers,
    };
    const headers = Object.fromEntries(Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    const end = new AbortController();
    const answered = await fetch(`${api.address}${bad.url ?? url}`, {
      method,
      headers,
      signal: end.signal,
      ...(payload !== undefined && { body: payload }),
    });
    const isStream = answered.headers.get('content-type')?.startsWith('text/event-stream');
    const text = isStream ? '' : await answered.text();
    if (isStream) end.abort();
    const isProblem = answered.headers.get('content-type')?.startsWith('application/problem+json');
    const { code } = isProblem ? (JSON.parse(text) as { code: string }) : { code: '' };
    return { status: answered.status, headers: Object.fromEntries(answered.headers), body: text, code };
  }

  async function faultsOf(operation: Operation, bad: Bad): Promise<readonly string[]> {
    const { status, headers, body, code } = await send(operation, bad);
    const { responses } = operation.documented;
    const types = Object.keys(responses[status]?.content ?? {});
    const type = headers['content-type']?.split(';')[0];
    const told = (fault: string) => `${operation.name}, ${bad.what}: ${fault}`;
    return [
      ...(status >= 500 ? [told(`${status} ${code}`)] : []),
      ...(bad.status !== undefined && (status !== bad.status || code !== bad.code)
        ? [told(`${status} ${code} instead of ${bad.status} ${bad.code}`)]
        : []),
      ...(responses[status] ? [] : [told(`${status} is not documented`)]),
      ...(type !== undefined && !types.includes(type) ? [told(`${status} as ${type} is not documented`)] : []),
      ...(body.includes('xyzzy') ? [told('echoes what was sent')] : []),
    ];
  }

  async function faults(cases: Cases): Promise<readonly string[]> {
    const found: string[] = [];
    for (let from = 0; from < cases.length; from += atOnce)
      found.push(...(await Promise.all(cases.slice(from, from + atOnce).map(([operation, bad]) => faultsOf(operation, bad)))).flat());
    return found;
  }

  async function standing(): Promise<Standing> {
    const { rows } = await api.database.writer.query<Omit<Standing, 'head' | 'clock'>>(counted);
    if (!rows[0]) throw new Error('nothing was counted');
    return { ...rows[0], head: (await api.store.head()) as number, clock: await api.clock.read() };
  }

  const loud = (): readonly string[] =>
    lines.filter((line) => line.includes('xyzzy') || (JSON.parse(line) as { level: number }).level >= 50);

  return {
    send,
    faults,
    standing,
    loud,
    async expectRefused(cases, atLeast) {
      expect(cases.length).toBeGreaterThan(atLeast);
      const before = await standing();
      expect(await faults(cases)).toEqual([]);
      expect(await standing()).toEqual(before);
      expect(loud()).toEqual([]);
    },
  };
}
