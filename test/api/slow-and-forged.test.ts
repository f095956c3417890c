// Bodies that never end, and messages that say they come from a partner.
import { connect } from 'node:net';
import { sign } from '../../interop/signature.ts';
import { createJudge, type Judge, marker } from './bad-requests.ts';
import { closedTo, type EveryRoute, type Operation, openEveryRoute, personOf, signature, webhookSecret } from './every-operation.ts';
import type { Claims } from './running-api.ts';

let every: EveryRoute;
let judge: Judge;
beforeAll(async () => {
  every = await openEveryRoute({ requestMs: 3_000, commandMs: 2_000 });
  judge = createJudge(every);
});
afterAll(() => every?.api.close());

const strange = 'HTTP/1.1 401 Unauthorized unauthenticated';
const forbidden = 'HTTP/1.1 403 Forbidden not-your-role';

/** The first line and the code of what is answered to a body that stops after its first bytes. */
async function answerToHalf({ method, url, needsKey }: Operation, who: Claims | undefined): Promise<string> {
  const { hostname, port } = new URL(every.api.address);
  const headers = [
    `${method} ${url} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    `origin: ${every.api.address}`,
    ...(who ? [`authorization: Bearer ${await every.api.sign(who)}`] : []),
    ...(needsKey ? ['idempotency-key: never-comes-to-an-end'] : []),
    'content-type: application/json',
    'content-length: 500',
    'connection: close',
  ];
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(`${headers.join('\r\n')}\r\n\r\n{"a":"${marker}`));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (!answer.includes('"code":')) return;
      socket.destroy();
      resolve(`${answer.split('\r\n')[0]} ${/"code":"([\w-]+)"/.exec(answer)?.[1]}`);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(`closed after ${answer.split('\r\n')[0]}`));
  });
}

test('a body that does not come is given up on every route, and that is no outage of ours', async () => {
  const reading = every.operations.filter(({ documented }) => documented.requestBody);
  expect(reading.length).toBeGreaterThan(150);
  const before = await judge.standing();
  const answers = await Promise.all(reading.map(async (operation) => [operation.name, await answerToHalf(operation, operation.who)]));
  expect(Object.fromEntries(answers)).toEqual(
    Object.fromEntries(reading.map(({ name }) => [name, 'HTTP/1.1 408 Request Timeout body-too-slow'])),
  );
  for (const { documented } of reading) expect(documented.responses).toHaveProperty('408');
  expect(await judge.standing()).toEqual(before);
  expect(judge.loud()).toEqual([]);
});

test('whoever may not ask is told so before the body comes', async () => {
  const secured = every.operations.filter(({ documented, who }) => documented.requestBody && who);
  expect(secured.length).toBeGreaterThan(150);
  const found: string[] = [];
  for (const operation of secured) {
    const [closed] = closedTo(operation);
    const answers = [await answerToHalf(operation, undefined), closed ? await answerToHalf(operation, personOf(closed)) : forbidden];
    if (answers[0] !== strange || answers[1] !== forbidden) found.push(`${operation.name}: ${answers.join('; ')}`);
  }
  expect(found).toEqual([]);
  expect(judge.loud()).toEqual([]);
});

const body = JSON.stringify({ id: 'evt-1', note: marker });
const signed = (at = Date.now(), of = body, secret = webhookSecret) => signature(sign(secret, Buffer.from(of), at));
const webhook = (): Operation => {
  const found = every.operations.find(({ path }) => path.includes('/webhooks/'));
  if (!found) throw new Error('the document names no webhook');
  return found;
};

test('a forged message is not let in, whatever is wrong with it', async () => {
  const forged = { body, status: 401, code: 'signature-invalid' };
  const before = await judge.standing();
  const faults = await judge.faults(
    [
      { what: 'unsigned', ...forged },
      { what: 'signed with another secret', headers: signed(Date.now(), body, 'another secret of thirty-two characters'), ...forged },
      { what: 'signed over another body', headers: signed(Date.now(), '{}'), ...forged },
      { what: 'signed ten minutes ago', headers: signed(Date.now() - 600_000), ...forged },
      { what: 'signed in ten minutes', headers: signed(Date.now() + 600_000), ...forged },
      { what: 'with a signature that is none', headers: signature(marker), ...forged },
      { what: 'without a body', headers: signature(`t=1,v1=${'0'.repeat(64)}`), ...forged, body: undefined },
      {
        what: 'of a source without a secret',
        url: '/v1/webhooks/pharmacy',
        headers: signed(),
        ...forged,
        status: 404,
        code: 'source-unknown',
      },
      { what: 'of no source', url: '/v1/webhooks/__proto__', headers: signed(), ...forged, status: 404, code: 'source-unknown' },
      { what: 'too large', body: 'x'.repeat(70_000), status: 413, code: 'too-large' },
    ].map((bad) => [webhook(), bad] as const),
  );
  expect(faults).toEqual([]);
  expect(await judge.standing()).toEqual(before);
  expect(judge.loud()).toEqual([]);
});

test('a message that is sent again is acknowledged again, and stands in the inbox once', async () => {
  const { inbox } = await judge.standing();
  const statuses: number[] = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await judge.send(webhook(), { what: 'again', body, headers: signed() })).status);
  expect(statuses).toEqual([202, 202, 202]);
  expect((await judge.standing()).inbox).toBe(inbox + 1);
});

test('what is signed and cannot be read is kept all the same, and logged nowhere', async () => {
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  for (const odd of ['', 'null', `{"__proto__":{"id":"${marker}"}}`, '{"id":"\\u0000"}', deep]) {
    const { status } = await judge.send(webhook(), { what: 'odd', body: odd, headers: signed(Date.now(), odd) });
    expect({ odd: odd.slice(0, 20), status }).toEqual({ odd: odd.slice(0, 20), status: 202 });
  }
  expect(judge.loud()).toEqual([]);
});
