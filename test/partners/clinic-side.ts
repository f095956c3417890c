// Our side of the line, as the stand-ins see it: a journey clock that a test moves, and an address for webhooks.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RunningPartners, startPartners } from '../../dev/partners/server.ts';
import { isSigned } from '../../interop/signature.ts';
import { commandOf, type Mapped } from '../../interop/webhooks.ts';

export const secret = 'a secret of at least thirty-two characters';

export interface ReceivedWebhook {
  readonly source: string;
  readonly body: { readonly id: string };
  readonly signed: boolean;
  readonly mapped: Mapped;
}

export interface ClinicSide {
  readonly url: string;
  readonly webhooks: ReceivedWebhook[];
  now: number;
  /** What the next webhooks are answered with. */
  status: number;
  close(): Promise<void>;
}

/** Listens where the API would. */
export async function openClinicSide(now: number): Promise<ClinicSide> {
  const server = createServer(async (request, response) => {
    if (request.url === '/dev/clock') return void response.end(JSON.stringify({ now: side.now, scale: 0 }));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const source = request.url?.split('/').at(-1) ?? '';
    const body = JSON.parse(bytes.toString('utf8')) as { id: string };
    const signed = isSigned(secret, bytes, String(request.headers['caretrail-signature']), Date.now());
    side.webhooks.push({ source, body, signed, mapped: commandOf({ source, externalId: body.id, body, receivedAt: side.now }) });
    response.writeHead(side.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const side: ClinicSide = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    webhooks: [],
    now,
    status: 202,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return side;
}

/** Starts the stand-ins against our side. */
export const startAgainst = ({ url }: ClinicSide, folder?: string): Promise<RunningPartners> =>
  startPartners({ port: 0, apiUrl: url, secret, folder });

/** One line of a fault plan, as the control route takes it. */
export interface PlannedFault {
  readonly on: 'send' | 'query' | 'message';
  readonly fault: string;
  /** How many of the next calls or messages; 1 by default. */
  readonly times?: number;
  readonly by?: number;
}

type Address = Pick<RunningPartners, 'url'>;

/** Replaces a stand-in's fault plan. */
export async function planFaults({ url }: Address, party: string, faults: readonly PlannedFault[]): Promise<void> {
  const response = await fetch(`${url}/control/${party}/faults`, { method: 'PUT', body: JSON.stringify({ faults }) });
  if (!response.ok) throw new Error(`the stand-in refused the plan: ${await response.text()}`);
}

const always = 1_000;
const behaviours: Readonly<Record<string, readonly PlannedFault[]>> = {
  normal: [],
  refuse: [{ on: 'send', fault: 'refuse', times: always }],
  fail: [
    { on: 'send', fault: 'fail', times: always },
    { on: 'query', fault: 'fail', times: always },
  ],
  'reset-after-doing': [{ on: 'send', fault: 'reset-after-doing', times: always }],
  drop: [{ on: 'message', fault: 'drop', times: always }],
  delay: [{ on: 'message', fault: 'delay', times: always }],
  duplicate: [{ on: 'message', fault: 'duplicate', times: always }],
  reorder: [{ on: 'message', fault: 'reorder' }],
};

/** Has a stand-in behave in one way until it is told otherwise. */
export const behave = (partners: Address, party: string, mode: string): Promise<void> =>
  planFaults(partners, party, behaviours[mode] ?? []);

interface Done {
  readonly key: string;
  readonly body: unknown;
}

/** What a stand-in has done. */
export const ledgerOf = async ({ url }: Address, party: string): Promise<readonly Done[]> =>
  (await fetch(`${url}/control/${party}/ledger`)).json() as Promise<readonly Done[]>;

interface Received {
  readonly operation: 'send' | 'query';
  readonly key: string;
  readonly fault: string;
}

/** What a stand-in was asked, whatever it made of it. */
export const callsOf = async ({ url }: Address, party: string): Promise<readonly Received[]> =>
  (await fetch(`${url}/control/${party}/calls`)).json() as Promise<readonly Received[]>;

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, patienceMs = 5_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to hold');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
