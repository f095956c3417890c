// Whatever is wrong with what a request carries, on every route of the document that reads a body.
import { type Bad, type Cases, casesOf, createJudge, inTurn, type Judge, marker } from './bad-requests.ts';
import { type EveryRoute, type Operation, openEveryRoute } from './every-operation.ts';
import { misfits } from './misfits.ts';

let every: EveryRoute;
let judge: Judge;
beforeAll(async () => {
  every = await openEveryRoute();
  judge = createJudge(every);
});
afterAll(() => every?.api.close());

const asked = (of: (operation: Operation) => readonly Bad[]): Cases =>
  casesOf(
    every.operations.filter(({ body }) => body),
    of,
  );

const invalid = { status: 422, code: 'input-invalid' };
const malformed = { status: 400, code: 'json-malformed' };

test('a body that is no JSON object is read nowhere', async () => {
  const texts = { nothing: '', 'half of one': `{"a": "${marker}`, 'a prototype': `{"__proto__":{"role":"${marker}"}}` };
  const scalars = [`"${marker}"`, '7', 'true', '1e400'];
  const deep = `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`;
  await judge.expectRefused(
    asked(({ name }) => [
      ...Object.entries(texts).map(([what, body]) => ({ what, body, ...malformed })),
      { what: 'a constructor', body: `{"constructor":{"prototype":{"role":"${marker}"}}}`, ...malformed },
      ...['null', '[]', ...inTurn(scalars, name.length)].map((body) => ({ what: `the value ${body.slice(0, 6)}`, body, ...invalid })),
      { what: 'deep nesting', body: deep, ...invalid },
      {
        what: 'another content type',
        headers: { 'content-type': 'text/plain' },
        status: 415,
        code: 'content-type-unsupported',
      },
    ]),
    1_500,
  );
});

test('a body over the limit is refused', async () => {
  const body = JSON.stringify({ text: 'x'.repeat(400_000) });
  await judge.expectRefused(
    asked(() => [{ what: 'too large', body, status: 413, code: 'too-large' }]),
    150,
  );
});

test('an unknown field is refused, and so is a prototype inside', async () => {
  await judge.expectRefused(
    asked(({ body }) => {
      const open = JSON.stringify(body?.samples[0]).replace(/\}$/, '');
      const and = open === '{' ? open : `${open},`;
      return [
        { what: 'unknown field', body: `${and}"${marker}":"${marker}"}`, ...invalid },
        { what: 'prototype inside', body: `${and}"a":{"__proto__":{"role":"${marker}"}}}`, ...malformed },
      ];
    }),
    300,
  );
});

test('a field that is named twice is refused, whatever it holds and however its name is written', async () => {
  const ambiguous = { status: 400, code: 'json-ambiguous' };
  await judge.expectRefused(
    asked(({ body }) => {
      const fields = Object.entries((body?.samples[0] ?? {}) as object).map(([name, value]) => [name, JSON.stringify(value)] as const);
      const [first = ['a', '1'] as const] = fields;
      const whole = `{${[first, ...fields.slice(1)].map(([name, value]) => `"${name}":${value}`)}`;
      const escaped = `\\u${first[0].charCodeAt(0).toString(16).padStart(4, '0')}${first[0].slice(1)}`;
      return [
        { what: 'the same twice', body: `${whole},"${first[0]}":${first[1]}}`, ...ambiguous },
        { what: 'another under the same name', body: `${whole},"${escaped}" : "${marker}"}`, ...ambiguous },
        { what: 'twice inside', body: `${whole},"x":[{"\\"":1,"a":"}","b":{},"\\"":2}]}`, ...ambiguous },
      ];
    }),
    500,
  );
});

test('no field takes a value that its schema does not', async () => {
  await judge.expectRefused(
    asked((operation) =>
      misfits(operation)
        .filter(({ fits }) => !fits)
        .map(({ what, text }) => ({ what, body: text, ...invalid })),
    ),
    1_500,
  );
});

test('whatever a schema lets through is answered as the document says, and never breaks anything', async () => {
  const cases = asked((operation) =>
    misfits(operation)
      .filter(({ fits }) => fits)
      .map(({ what, text }) => ({ what, body: text })),
  );
  expect(cases.length).toBeGreaterThan(200);
  expect(await judge.faults(cases)).toEqual([]);
  expect(judge.loud()).toEqual([]);
});

test('a key that was used with one body is not taken with another', async () => {
  const keyed = every.operations.filter(({ needsKey }) => needsKey);
  expect(keyed.length).toBeGreaterThan(150);
  const found: string[] = [];
  for (const operation of keyed) {
    const headers = { 'idempotency-key': `one-key-two-bodies-${operation.name.length}` };
    const first = await judge.send(operation, { what: 'first', headers });
    const before = await judge.standing();
    // Another instant makes another request too, where the schema leaves no room for another body.
    const other = operation.body?.samples[1];
    const second = other === undefined ? { 'occurred-at': '2026-01-01T00:00:00Z' } : {};
    const body = JSON.stringify(other ?? operation.body?.samples[0]);
    const { status, code } = await judge.send(operation, { what: 'second', headers: { ...headers, ...second }, body });
    const expected = '422 idempotency-key-reused';
    if (`${status} ${code}` !== expected) found.push(`${operation.name}: ${first.status}, then ${status} ${code} instead of ${expected}`);
    expect(await judge.standing()).toEqual(before);
  }
  expect(found).toEqual([]);
});
