// Stand-ins for the outside parties: real protocols over real sockets, and the faults of real partners on demand.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiClock, type PartnerClock } from './journey-clock.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { openOutbox } from './outbox.ts';
import { parties } from './parties.ts';
import { type Mode, modes, type PartyName, partyNames } from './party.ts';

export interface PartnersOptions {
  /** A free one is taken if this is 0. */
  readonly port: number;
  /** Where the webhooks go and the journey clock is read; without one no webhook is sent and real time holds. */
  readonly apiUrl?: string | undefined;
  /** Signs the webhooks. */
  readonly secret: string;
  /** Where the ledgers are kept; without one they are in memory. */
  readonly folder?: string | undefined;
}

export interface RunningPartners {
  /** The address of one stand-in. */
  urlOf(party: PartyName): string;
  readonly url: string;
  stop(): Promise<void>;
}

/** How often the stand-ins look at the journey clock, in real milliseconds. */
const lookEvery = 150;

interface Desk {
  readonly clock: PartnerClock;
  readonly ledgers: Readonly<Record<PartyName, Ledger>>;
  readonly modes: Map<PartyName, Mode>;
  readonly put: ReturnType<typeof openOutbox>['put'];
  readonly withdraw: ReturnType<typeof openOutbox>['withdraw'];
}

/** Starts every stand-in on one port of the loopback address. */
export async function startPartners({ port, apiUrl, secret, folder }: PartnersOptions): Promise<RunningPartners> {
  const clock = apiClock(apiUrl);
  const set = new Map<PartyName, Mode>();
  const outbox = openOutbox({ clock, apiUrl, secret, folder, modeOf: (party) => set.get(party) ?? 'normal' });
  const ledgers = Object.fromEntries(partyNames.map((name) => [name, openLedger(name, folder)])) as Record<PartyName, Ledger>;
  for (const name of partyNames) for (const entry of ledgers[name].entries) outbox.put(name, parties[name].tells(entry));
  const desk: Desk = { clock, ledgers, modes: set, put: outbox.put, withdraw: outbox.withdraw };
  const server = createServer((request, response) => {
    handle(desk, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  let looking: Promise<void> = Promise.resolve();
  const look = (): void => {
    looking = looking.then(outbox.flush).catch(() => undefined);
  };
  const timer = setInterval(look, lookEvery);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    urlOf: (party) => `${url}/${party}`,
    stop: async () => {
      clearInterval(timer);
      await looking;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [first = '', second = '', ...rest] = (request.url ?? '').split('?')[0]?.split('/').slice(1) ?? [];
  const isControl = first === 'control' || first === 'ledger';
  const name = partyNames.find((known) => known === (isControl ? second : first));
  if (!name) return answer(response, 404, { code: 'no-such-party' });
  if (first === 'ledger') return answer(response, 200, desk.ledgers[name].entries);
  if (first === 'control') return control(desk, name, request, response);
  const path = `/${[second, ...rest].join('/')}`;
  if (desk.modes.get(name) === 'fail') return answer(response, 503, { code: 'unavailable' });
  const byKey = /^\/[^/]+\/by-key\/([^/]+)$/.exec(path)?.[1];
  if (request.method === 'GET' && byKey !== undefined) return tellBy(desk, name, decodeURIComponent(byKey), response);
  if (request.method === 'POST' && path === parties[name].path) return take(desk, name, request, response);
  const ended = request.method === 'POST' ? parties[name].ends?.path?.exec(path)?.[1] : undefined;
  if (ended !== undefined) return take(desk, name, request, response, { end: ended });
  return answer(response, 404, { code: 'no-such-path' });
}

async function control({ modes: set }: Desk, name: PartyName, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { mode: wanted } = (await bodyOf(request)) as { readonly mode?: unknown };
  const mode = modes.find((known) => known === wanted);
  if (request.method !== 'PUT' || !mode) return answer(response, 400, { code: 'mode-unknown', modes });
  set.set(name, mode);
  answer(response, 200, { mode });
}

async function tellBy({ ledgers, clock }: Desk, name: PartyName, key: string, response: ServerResponse): Promise<void> {
  const entry = ledgers[name].find(key);
  if (!entry) return answer(response, 404, { code: 'not-found' });
  answer(response, 200, parties[name].answer(entry, await clock.now()));
}

/** Does what is asked, once per key; a repeat gets the first answer. */
async function take(desk: Desk, name: PartyName, request: IncomingMessage, response: ServerResponse, asked?: object): Promise<void> {
  const { refusal, schema, idPrefix, answer: answerOf, tells, ends } = parties[name];
  const ledger = desk.ledgers[name];
  const key = request.headers['idempotency-key'];
  const body = schema.safeParse(asked ?? (await bodyOf(request)));
  if (typeof key !== 'string' || !body.success) return answer(response, 400, { code: 'malformed', issues: body.error?.issues });
  if (desk.modes.get(name) === 'refuse') return answer(response, refusal.status, { code: refusal.code });
  const now = await desk.clock.now();
  const id = `${idPrefix}_${createHash('sha256').update(key).digest('hex').slice(0, 20)}`;
  const known = ledger.find(key);
  const earlier = known ? undefined : ends?.find(body.data, ledger.entries);
  const entry = known ?? { id, key, at: now, body: earlier ? { ...(body.data as object), earlier } : body.data };
  if (earlier && ends?.isTooLate(earlier, now) === false) desk.withdraw(earlier.id);
  if (!known) ledger.add(entry);
  if (!known) desk.put(name, tells(entry));
  if (desk.modes.get(name) === 'reset-after-doing') return void request.socket.destroy();
  answer(response, 200, answerOf(entry, now));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return {};
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
