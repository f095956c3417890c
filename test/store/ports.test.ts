import { openAttempts } from '../../store/postgres/attempts.ts';
import { openCheckpoints } from '../../store/postgres/checkpoints.ts';
import { openIdempotency } from '../../store/postgres/idempotency.ts';
import { openInbox } from '../../store/postgres/inbox.ts';
import { inTransaction } from '../../store/postgres/pool.ts';
import { createDatabase, type TestDatabase } from '../parts/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

describe('attempts', () => {
  test('are new once, then say what is known of them', async () => {
    const attempts = openAttempts(database.writer);
    expect(await attempts.begin('effect-1', 1)).toBeUndefined();
    expect(await attempts.begin('effect-1', 1)).toEqual({});
    await attempts.settle('effect-1', 1, 'succeeded', { orderId: 'o-1', odd: '\u0000' });
    expect(await attempts.begin('effect-1', 1)).toEqual({ outcome: 'succeeded', result: { orderId: 'o-1', odd: '\u0000' } });
    expect(await attempts.begin('effect-1', 2)).toBeUndefined();
  });

  test('keep their outcome, but for one that was unknown', async () => {
    const attempts = openAttempts(database.writer);
    await attempts.begin('effect-2', 1);
    await attempts.settle('effect-2', 1, 'unknown', undefined);
    expect(await attempts.begin('effect-2', 1)).toEqual({ outcome: 'unknown' });
    await attempts.settle('effect-2', 1, 'refused', { why: 'stock' });
    await attempts.settle('effect-2', 1, 'failed', undefined);
    expect(await attempts.begin('effect-2', 1)).toEqual({ outcome: 'refused', result: { why: 'stock' } });
  });

  test('that were never begun cannot be settled', async () => {
    await expect(openAttempts(database.writer).settle('effect-3', 1, 'failed', null)).rejects.toThrow('never begun');
  });

  test('begun by ten at once are new to one', async () => {
    const attempts = openAttempts(database.writer);
    const begun = await Promise.all(Array.from({ length: 10 }, () => attempts.begin('effect-4', 1)));
    expect(begun.filter((known) => known === undefined)).toHaveLength(1);
  });
});

describe('the inbox', () => {
  const message = (externalId: string, source = 'lab') => ({
    source,
    externalId,
    body: { text: `raw ${externalId} \u0000` },
    receivedAt: 5,
  });

  test('takes each id of a source once and gives positions without a gap', async () => {
    const inbox = openInbox(database.writer);
    expect(await inbox.receive(message('m-1'))).toBe(true);
    expect(await inbox.receive(message('m-1'))).toBe(false);
    expect(await inbox.receive(message('m-1', 'courier'))).toBe(true);
    const taken = await Promise.all(Array.from({ length: 20 }, (_, index) => inbox.receive(message(`n-${index % 10}`))));
    expect(taken.filter(Boolean)).toHaveLength(10);
    const all = await inbox.read(0, 100);
    expect(all.map(({ position }) => position)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(all[0]).toEqual({ position: 1, ...message('m-1') });
    expect(await inbox.read(2, 3)).toHaveLength(3);
  });

  test('passes over what was parked, and still remembers its id', async () => {
    const inbox = openInbox(database.writer);
    await inbox.park(2, 'no-such-journey');
    await inbox.park(2, 'no-such-journey');
    expect((await inbox.read(0, 2)).map(({ position }) => position)).toEqual([1, 3]);
    expect(await inbox.receive(message('m-1', 'courier'))).toBe(false);
  });
});

describe('the ledger of attempts', () => {
  test('shows an attempt with its age to whoever only looks', async () => {
    const attempts = openAttempts(database.writer);
    expect(await attempts.look('seen', 1)).toBeUndefined();
    await attempts.begin('seen', 1);
    const begun = await attempts.look('seen', 1);
    expect(begun).toEqual({ age: expect.any(Number) });
    await attempts.settle('seen', 1, 'refused', { type: 'x' });
    expect(await attempts.look('seen', 1)).toMatchObject({ outcome: 'refused', result: { type: 'x' } });
    expect((await attempts.look('seen', 1))?.age).toBeGreaterThanOrEqual(begun?.age ?? 0);
  });
});

describe('checkpoints', () => {
  test('begin at 0 and keep the last position', async () => {
    const checkpoints = openCheckpoints(database.projector);
    expect(await checkpoints.load('board')).toBe(0);
    await checkpoints.save('board', 7);
    await checkpoints.save('board', 9);
    await checkpoints.save('board', 8);
    expect(await checkpoints.load('board')).toBe(9);
  });

  test('go back with the transaction they were saved in', async () => {
    const checkpoints = openCheckpoints(database.writer);
    await checkpoints.save('owed', 3);
    const work = inTransaction(database.writer, async (client) => {
      await openCheckpoints(client).save('owed', 4);
      throw new Error('the rows could not be written');
    });
    await expect(work).rejects.toThrow('the rows could not be written');
    expect(await checkpoints.load('owed')).toBe(3);
  });
});

describe('idempotency', () => {
  test('answers the same request the same, and refuses another body', async () => {
    const idempotency = openIdempotency(database.writer);
    expect(await idempotency.claim('c', '/r', 'k', 'hash')).toEqual({ kind: 'new' });
    expect(await idempotency.claim('c', '/r', 'k', 'hash')).toEqual({ kind: 'new' });
    expect(await idempotency.claim('c', '/r', 'k', 'other')).toEqual({ kind: 'other-body' });
    await idempotency.answer('c', '/r', 'k', 201, { id: 'j-1' });
    await idempotency.answer('c', '/r', 'k', 500, { id: 'late' });
    expect(await idempotency.claim('c', '/r', 'k', 'hash')).toEqual({ kind: 'answered', status: 201, body: { id: 'j-1' } });
    expect(await idempotency.claim('c', '/r', 'k', 'other')).toEqual({ kind: 'other-body' });
    expect(await idempotency.claim('d', '/r', 'k', 'other')).toEqual({ kind: 'new' });
  });

  test('forgets after thirty days', async () => {
    const idempotency = openIdempotency(database.writer);
    await idempotency.claim('c', '/old', 'k', 'hash');
    await idempotency.answer('c', '/old', 'k', 200, {});
    await database.writer.query("UPDATE idempotency SET claimed_at = now() - interval '29 days' WHERE route = '/old'");
    expect(await idempotency.claim('c', '/old', 'k', 'hash')).toMatchObject({ kind: 'answered' });
    await database.writer.query("UPDATE idempotency SET claimed_at = now() - interval '31 days' WHERE route = '/old'");
    expect(await idempotency.claim('c', '/old', 'k', 'another')).toEqual({ kind: 'new' });
  });

  test('clears away what has expired, with every claim', async () => {
    const idempotency = openIdempotency(database.writer);
    for (const key of ['1', '2', '3']) await idempotency.claim('gone', '/r', key, 'hash');
    await database.writer.query("UPDATE idempotency SET claimed_at = now() - interval '31 days' WHERE client = 'gone'");
    await idempotency.claim('c', '/another', 'k', 'hash');
    const { rows } = await database.writer.query("SELECT count(*) AS count FROM idempotency WHERE client = 'gone'");
    expect(rows).toEqual([{ count: 0 }]);
  });
});
