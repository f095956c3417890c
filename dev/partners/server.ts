// Stand-ins for the outside parties: real protocols over real sockets, and the faults of real partners on demand.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Controlled, control } from './control.ts';
import { openFaults } from './faults.ts';
import { apiClock, type PartnerClock } from './journey-clock.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { openOutbox } from './outbox.ts';
import { parties } from './parties.ts';
import { type PartyName, partyNames } from './party.ts';
import { tokenOf } from './tokens.ts';

export interface PartnersOptions {
  /** A free one is taken if this is 0. */
  readonly port: number;
  /** Where the webhooks go and the journey clock is read; without one no webhook is sent and real time holds. */
  readonly apiUrl?: string | undefined;
  /** Signs the webhooks, and gives each stand-in the token that it knows us by. */
  readonly secret: string;
  /** Where the ledgers are kept; without one they are in memory. */
  readonly folder?: string | undefined;
}

export interface RunningPartners {
  /** The address of one stand-in and the token that it takes. */
  endpointOf(party: PartyName): { readonly url: string; readonly token: string };
  readonly url: string;
  stop(): Promise<void>;
}

/** How often the stand-ins look at the journey clock, in real milliseconds. */
const lookEvery = 150;

interface Desk extends Controlled {
  readonly clock: PartnerClock;
  readonly secret: string;
  readonly put: ReturnType<typeof openOutbox>['put'];
  readonly withdraw: ReturnType<typeof openOutbox>['withdraw'];
}

const perParty = <T>(make: (party: PartyName) => T): Readonly<Record<PartyName, T>> =>
  Object.fromEntries(partyNames.map((name) => [name, make(name)])) as Record<PartyName, T>;

/** Starts every stand-in on one port of the loopback address. */
export async function startPartners({ port, apiUrl, secret, folder }: PartnersOptions): Promise<RunningPartners> {
  const clock = apiClock(apiUrl);
  const faults = openFaults();
  const outbox = openOutbox({ clock, apiUrl, secret, folder, faults });
  const ledgers = perParty((name): Ledger => openLedger(name, folder));
  for (const name of partyNames) for (const entry of ledgers[name].entries) outbox.put(name, parties[name].tells(entry));
  const desk: Desk = { clock, secret, ledgers, faults, calls: perParty(() => []), put: outbox.put, withdraw: outbox.withdraw };
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
    endpointOf: (party) => ({ url: `${url}/${party}`, token: tokenOf(secret, party) }),
    stop: async () => {
      clearInterval(timer);
      await looking;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '' } = request;
  const [first = '', second = '', ...rest] = (request.url ?? '').split('?')[0]?.split('/').slice(1) ?? [];
  const name = partyNames.find((known) => known === (first === 'control' ? second : first));
  if (!name) return answer(response, 404, { code: 'no-such-party' });
  if (first === 'control') {
    const { status, body } = control(desk, name, method, rest.join('/'), await bodyOf(request));
    return answer(response, status, body);
  }
  if (request.headers.authorization !== `Bearer ${tokenOf(desk.secret, name)}`) return answer(response, 401, { code: 'not-known' });
  const path = `/${[second, ...rest].join('/')}`;
  const byKey = /^\/[^/]+\/by-key\/([^/]+)$/.exec(path)?.[1];
  if (method === 'GET' && byKey !== undefined) return tellBy(desk, name, decodeURIComponent(byKey), response);
  if (method === 'POST' && path === parties[name].path) return take(desk, name, request, response);
  const ended = method === 'POST' ? parties[name].ends?.path?.exec(path)?.[1] : undefined;
  if (ended !== undefined) return take(desk, name, request, response, { end: ended });
  return answer(response, 404, { code: 'no-such-path' });
}

async function tellBy({ ledgers, clock, faults, calls }: Desk, name: PartyName, key: string, response: ServerResponse): Promise<void> {
  const { fault = 'none', by } = faults.take(name, 'query') ?? {};
  calls[name].push({ operation: 'query', key, fault });
  if (fault === 'drop') return void response.destroy();
  if (fault === 'fail') return answer(response, 503, { code: 'unavailable' });
  if (fault === 'refuse') return answer(response, 403, { code: 'not-allowed' });
  const entry = ledgers[name].find(key);
  const [status, body] = entry ? [200, parties[name].answer(entry, await clock.now())] : [404, { code: 'not-found' }];
  return answerWith(fault, by, response, status, body);
}

/** Does what is asked, once per key; a repeat gets the first answer. */
async function take(desk: Desk, name: PartyName, request: IncomingMessage, response: ServerResponse, asked?: object): Promise<void> {
  const { refusal, schema, idPrefix, answer: answerOf, tells, ends } = parties[name];
  const ledger = desk.ledgers[name];
  const key = request.headers['idempotency-key'];
  const body = schema.safeParse(asked ?? (await bodyOf(request)));
  if (typeof key !== 'string' || !body.success) return answer(response, 400, { code: 'malformed', issues: body.error?.issues });
  const { fault = 'none', by } = desk.faults.take(name, 'send') ?? {};
  desk.calls[name].push({ operation: 'send', key, fault });
  if (fault === 'drop') return void response.destroy();
  if (fault === 'fail') return answer(response, 503, { code: 'unavailable' });
  if (fault === 'refuse') return answer(response, refusal.status, { code: refusal.code });
  const now = await desk.clock.now();
  const id = `${idPrefix}_${createHash('sha256').update(key).digest('hex').slice(0, 20)}`;
  const known = ledger.find(key);
  const earlier = known ? undefined : ends?.find(body.data, ledger.entries);
  const entry = known ?? { id, key, at: now, body: earlier ? { ...(body.data as object), earlier } : body.data };
  if (earlier && ends?.isTooLate(earlier, now) === false) desk.withdraw(earlier.id);
  if (!known) ledger.add(entry);
  if (!known) desk.put(name, tells(entry));
  if (fault === 'reset-after-doing') return void request.socket.resetAndDestroy();
  return answerWith(fault, by, response, 200, answerOf(entry, now));
}

/** How late a delayed answer is if the plan does not say, in real milliseconds: later than anybody waits. */
const delayed = 30_000;

/** Answers as the plan wants it: late, twice on the same line, or once. */
function answerWith(fault: string, by: number | undefined, response: ServerResponse, status: number, body: unknown): void {
  if (fault === 'delay') return void setTimeout(() => answer(response, status, body), by ?? delayed).unref();
  answer(response, status, body);
  if (fault !== 'answer-twice') return;
  const text = JSON.stringify(body);
  const head = `HTTP/1.1 ${status} Again\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n`;
  response.once('finish', () => response.req.socket.write(`${head}${text}`));
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
