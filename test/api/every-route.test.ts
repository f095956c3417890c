// Whatever is wrong about who asks, and about the headers and the address of a request, on every route of the document.
import { generateKeyPair, type JSONWebKeySet, SignJWT, UnsecuredJWT } from 'jose';
import { type Bad, type Cases, casesOf, createJudge, type Got, inTurn, type Judge, marker } from './bad-requests.ts';
import { closedTo, type EveryRoute, fill, type Operation, openEveryRoute, personOf, strangerOf } from './every-operation.ts';
import { audience, type Claims, issuer } from './running-api.ts';

let every: EveryRoute;
let judge: Judge;
beforeAll(async () => {
  every = await openEveryRoute();
  judge = createJudge(every);
});
afterAll(() => every?.api.close());

const asked = (of: (operation: Operation) => readonly Bad[]): Cases => casesOf(every.operations, of);

const unauthenticated = { status: 401, code: 'unauthenticated' };
const invalid = { status: 422, code: 'input-invalid' };

test('no token that is not ours opens any route', async () => {
  const claims = { iss: issuer, aud: audience, ...personOf('K') };
  const { privateKey } = await generateKeyPair('ES256');
  const forged = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'test' }).setExpirationTime('1h');
  const { keys } = every.api.parts.auth.keys as JSONWebKeySet;
  // Whoever lets the token name the algorithm takes the public key for a shared secret.
  const confused = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'test' }).setExpirationTime('1h');
  const unsigned = new UnsecuredJWT(claims).setExpirationTime('1h').encode();
  const strange = [
    ['signed by a stranger', await forged.sign(privateKey)],
    ['signed with the public key', await confused.sign(Buffer.from(JSON.stringify(keys[0])))],
    ['alg none', unsigned],
    ['alg none in capitals', unsigned.replace(/^[^.]+/, Buffer.from('{"alg":"NONE"}').toString('base64url'))],
    ['no token at all', marker.replaceAll(' ', '')],
  ] as const;
  const wrong: readonly (readonly [string, Claims])[] = [
    ['expired', { exp: 1_000_000 }],
    ['of a foreign issuer', { iss: 'https://elsewhere.example.org' }],
    ['for another audience', { aud: 'another' }],
    ['of the system', { role: 'T' }],
  ];
  await judge.expectRefused(
    asked(({ who }) =>
      who === undefined
        ? []
        : [
            { what: 'without a token', who: undefined, ...unauthenticated },
            ...strange.map(([what, token]) => ({ what, authorization: `Bearer ${token}`, ...unauthenticated })),
            ...wrong.map(([what, claims]) => ({ what, who: { ...who, ...claims }, ...unauthenticated })),
          ],
    ),
    1_500,
  );
});

test('no route lets in a role that it does not name, and looks at nothing before that', async () => {
  await judge.expectRefused(
    asked((operation) => {
      const refused = { status: 403, code: 'not-your-role' };
      const closed = closedTo(operation);
      const as = closed.map((role) => ({ what: `as ${role}`, who: personOf(role), ...refused }));
      const blind = closed.slice(0, 1).map((role) => ({ what: 'with no JSON', who: personOf(role), body: `{${marker}`, ...refused }));
      return operation.body ? [...as, ...blind] : as;
    }),
    2_000,
  );
});

test('no command is taken without a key that can be kept', async () => {
  const malformed = ['short', 'a'.repeat(101), 'tab\tinside', 'ümlaut-and-more'];
  await judge.expectRefused(
    asked(({ needsKey, name }) =>
      needsKey
        ? [
            { what: 'no key', headers: { 'idempotency-key': undefined }, status: 400, code: 'idempotency-key-missing' },
            ...inTurn(malformed, name.length, 2).map((key) => ({ what: 'malformed key', headers: { 'idempotency-key': key }, ...invalid })),
          ]
        : [],
    ),
    400,
  );
});

test('versions and instants that cannot be read are refused, and so are those that lie in the future or before 1970', async () => {
  const versions = ['v1', '*', `"v${'9'.repeat(16)}"`, marker];
  const unread = ['2026-13-01T00:00:00Z', '1969-12-31T23:59:59Z', '+275760-09-13T00:00:00Z', marker];
  const future = { status: 422, code: 'occurred-in-future' };
  await judge.expectRefused(
    asked(({ name, takesVersion }) =>
      takesVersion
        ? [
            ...inTurn(versions, name.length, 2).map((version) => ({
              what: `version ${version}`,
              headers: { 'if-match': version },
              ...invalid,
            })),
            ...inTurn(unread, name.length, 2).map((instant) => ({
              what: `instant ${instant}`,
              headers: { 'occurred-at': instant },
              ...invalid,
            })),
          ]
        : [],
    ),
    600,
  );
  const distant = asked(({ takesVersion }) =>
    takesVersion ? [{ what: 'in the year 9999', headers: { 'occurred-at': '9999-12-31T23:59:59Z' }, ...future }] : [],
  );
  const { head } = await judge.standing();
  expect(await judge.faults(distant)).toEqual([]);
  expect((await judge.standing()).head).toBe(head);
});

test('a stale version is told from a present one, and so is its repetition', async () => {
  const { head } = await judge.standing();
  const stale = { headers: { 'if-match': '"v999999"' }, status: 412, code: 'stale-version' };
  const cases = asked(({ name, takesVersion }) =>
    takesVersion
      ? [1, 2].map((n) => ({
          ...stale,
          what: `stale, time ${n}`,
          headers: { ...stale.headers, 'idempotency-key': `stale-version-${name.length}` },
        }))
      : [],
  );
  expect(cases.length).toBeGreaterThan(300);
  expect(await judge.faults(cases)).toEqual([]);
  expect((await judge.standing()).head).toBe(head);
});

/** An answer without what differs from one request to the next. */
function essence({ status, headers, body }: Got): object {
  const { 'request-id': _id, date: _date, 'x-ratelimit-remaining': _left, 'x-ratelimit-reset': _reset, ...stable } = headers;
  return { status, headers: stable, body };
}

test("another tenant's journey, conversation or employer answers byte for byte like one that does not exist", async () => {
  // A key is claimed for either alike, so that not even the table of keys tells one from the other.
  const { claimed: _claimed, ...before } = await judge.standing();
  const hidden = every.operations.filter(({ path, who }) => who && /\{(journey|conversation|employer)Id\}/.test(path));
  expect(hidden.length).toBeGreaterThan(100);
  for (const operation of hidden) {
    const who = strangerOf(operation.who ?? {});
    const [, query = ''] = operation.url.split('?');
    const nowhere = `${fill(operation.path, { ...operation.ids, journeyId: 'none', conversationId: 'none', employerId: 'none' })}?${query}`;
    const unknown = await judge.send(operation, { what: 'unknown', who, url: nowhere });
    const foreign = await judge.send(operation, { what: 'foreign', who });
    expect({ name: operation.name, status: unknown.status, code: unknown.code }).toEqual({
      name: operation.name,
      status: 404,
      code: 'entity-unknown',
    });
    expect(essence(foreign)).toEqual(essence(unknown));
  }
  expect(await judge.standing()).toMatchObject(before);
});

test('ids and queries that fit nothing are refused, and never repeated', async () => {
  const odd = [marker, 'constructor', '__proto__', 'x'.repeat(101), '\u0000', '%', "'; DROP TABLE events; --", '😷', '..'];
  const values = [marker, '-1', '1e400', 'NaN', '9007199254740993', '\u0000', '', '9999-99-99', '0000-01-01T00:00:00Z'];
  const before = await judge.standing();
  const cases = asked(({ name, path, ids, queries }) => [
    ...(path.includes('{') && !path.includes('/webhooks/')
      ? inTurn(odd, name.length, 4).map((id) => ({
          what: `the id ${id.slice(0, 20)}`,
          url: path.replace(/\{\w+\}/g, encodeURIComponent(id)),
        }))
      : []),
    ...queries.flatMap((query) =>
      values.map((value) => ({ what: `${query}=${value}`, url: `${fill(path, ids)}?${query}=${encodeURIComponent(value)}` })),
    ),
  ]);
  expect(cases.length).toBeGreaterThan(700);
  expect(await judge.faults(cases)).toEqual([]);
  expect(await judge.standing()).toEqual(before);
  expect(judge.loud()).toEqual([]);
});
