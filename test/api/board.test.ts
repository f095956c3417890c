import { listen } from './listener.ts';
import { auditor, coordinator, openRunningApi, parent, payer, type RunningApi } from './running-api.ts';
import { createSampleViews } from './sample-views.ts';

let api: RunningApi;
const views = createSampleViews();
/** The log holds two events. */
const openApi = () =>
  openRunningApi(({ log }) => ({ log: { ...log, head: async () => 2 }, views, boardTimes: { patienceMs: 200, heartbeatMs: 100 } }));
beforeAll(async () => {
  api = await openApi();
});
beforeEach(() => views.clear());
afterAll(() => api.close());

interface Page {
  readonly rows: readonly { readonly journeyId: string }[];
  readonly next?: string;
  readonly position: number;
  readonly total: number;
  readonly now: number;
  readonly scale: number;
}
const read = async (query = '', who = coordinator): Promise<Page> => JSON.parse((await api.get(`/v1/board${query}`, who)).body);
const idsOf = ({ rows }: Page): readonly string[] => rows.map(({ journeyId }) => journeyId);

describe('the board', () => {
  test('is answered page by page, with the position that it stands for and journey time', async () => {
    for (const journeyId of ['j-1', 'j-2', 'j-3']) views.put({ journeyId });
    const first = await read('?limit=2');
    expect(first).toMatchObject({ position: 3, total: 3, now: expect.any(Number), scale: 0 });
    expect(idsOf(first)).toEqual(['j-1', 'j-2']);
    const second = await read(`?limit=2&cursor=${first.next}`);
    expect(idsOf(second)).toEqual(['j-3']);
    expect(second.next).toBeUndefined();
  });

  test('shows what was asked for', async () => {
    views.put({ journeyId: 'j-1', needsHuman: true, waitingOn: { who: 'K' }, owner: { role: 'K', id: 'coordinator-1' } });
    views.put({ journeyId: 'j-2', superState: 'Closed', employerId: 'employer-2' });
    expect(idsOf(await read('?needsHuman=true'))).toEqual(['j-1']);
    expect(idsOf(await read('?needsHuman=false'))).toEqual(['j-2']);
    expect(idsOf(await read('?waitingOn=K'))).toEqual(['j-1']);
    expect(idsOf(await read('?owner=coordinator-1'))).toEqual(['j-1']);
    expect(idsOf(await read('?state=open'))).toEqual(['j-1']);
    expect(idsOf(await read('?state=Closed'))).toEqual(['j-2']);
    expect(idsOf(await read('?employerId=employer-2'))).toEqual(['j-2']);
  });

  test('waits until it holds what the caller has written, and says so when that takes too long', async () => {
    views.put({ journeyId: 'j-1' });
    views.lag(1);
    const waiting = read('?waitForPosition=1');
    setTimeout(() => views.lag(0), 60);
    expect(idsOf(await waiting)).toEqual(['j-1']);
    const late = await api.get('/v1/board?waitForPosition=2', coordinator);
    expect({ status: late.statusCode, code: late.json().code, retry: late.headers['retry-after'] }).toEqual({
      status: 503,
      code: 'view-behind',
      retry: '2',
    });
  });

  test('does not wait for what the log does not hold', async () => {
    const answered = await api.get('/v1/board?waitForPosition=3', coordinator);
    expect(answered.json()).toMatchObject({
      status: 422,
      errors: [{ field: 'waitForPosition', problem: 'lies beyond the end of the log' }],
    });
  });

  test.each(['?limit=0', '?limit=201', '?needsHuman=yes', '?waitingOn=Q', '?colour=red', '?waitForPosition=-1'])(
    'refuses %s',
    async (query) => {
      expect((await api.get(`/v1/board${query}`, coordinator)).statusCode).toBe(422);
    },
  );

  test('is for staff and auditors', async () => {
    expect((await api.get('/v1/board', auditor)).statusCode).toBe(200);
    for (const who of [parent, payer]) {
      expect((await api.get('/v1/board', who)).statusCode).toBe(403);
      expect((await api.get('/v1/board/stream', who)).statusCode).toBe(403);
    }
    expect((await api.get('/v1/board/stream')).statusCode).toBe(401);
  });
});

describe('the stream of the board', () => {
  const open = async (query = '', headers: Readonly<Record<string, string>> = {}) =>
    listen(`${api.address}/v1/board/stream${query}`, { authorization: `Bearer ${await api.sign(coordinator)}`, ...headers });

  test('sends each row that changes, and how far it is', async () => {
    const listener = await open();
    views.put({ journeyId: 'j-1' });
    expect(await listener.next('row')).toMatchObject({ id: '1', data: { journeyId: 'j-1', position: 1 } });
    expect(await listener.next('position')).toMatchObject({ id: '1', data: { position: 1, scale: 0 } });
    listener.close();
  });

  test('misses nothing over a reconnection, by header or by query', async () => {
    const listener = await open();
    views.put({ journeyId: 'j-1' });
    const { id } = await listener.next('row');
    listener.close();
    for (let i = 0; i < 1_200; i += 1) views.put({ journeyId: `k-${i}` });
    for (const again of [await open('', { 'last-event-id': id }), await open(`?after=${id}`)]) {
      const seen = new Set<string>();
      while (seen.size < 1_200) seen.add((await again.next('row')).data.journeyId);
      again.close();
      expect([...seen]).toEqual(Array.from({ length: 1_200 }, (_, i) => `k-${i}`));
    }
  });

  test('says of a row that no longer fits the filter that it is gone', async () => {
    views.put({ journeyId: 'j-1', needsHuman: true });
    const listener = await open('?needsHuman=true&after=0');
    await listener.next('row');
    views.put({ journeyId: 'j-1', needsHuman: false });
    expect(await listener.next('gone')).toMatchObject({ id: '2', data: { journeyId: 'j-1', position: 2 } });
    listener.close();
  });

  test('gives a sign of life while nothing happens', async () => {
    const listener = await open();
    await listener.next('position');
    await listener.next('position');
    listener.close();
  });

  test('ends with the token', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 1;
    const listener = await listen(`${api.address}/v1/board/stream`, {
      authorization: `Bearer ${await api.sign({ ...coordinator, exp })}`,
    });
    await listener.ended;
  });

  test('does not hold up the end of the process', async () => {
    const other = await openApi();
    const listener = await listen(`${other.address}/v1/board/stream`, { authorization: `Bearer ${await other.sign(coordinator)}` });
    await other.close();
    await listener.ended;
  });
});
