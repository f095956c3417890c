import { openAccessView } from '../../projections/access-read.ts';
import { CursorUnknown, openBoardView } from '../../projections/board-read.ts';
import { type BoardFilter, type BoardRow, compareRows, passes } from '../../projections/board-row.ts';
import { views } from '../../projections/views.ts';
import type { NewEvent } from '../../store/event-store.ts';
import { Unavailable } from '../../store/event-store.ts';
import type { Story } from '../journeys/story.ts';
import { eventsOf, playJ1, seattle } from './histories.ts';
import { openViews, type ViewsDatabase } from './views-database.ts';

let setting: ViewsDatabase;
const all = { tenant: '*', patients: '*' } as const;
const board = () => openBoardView(setting.database.api);

const broken = playJ1(seattle(9, 8));
broken.elapse('consult.firstcontact');

/** By journey: what stands on the board, in the order in which it must stand there. */
const stories: Readonly<Record<string, [story: Story, employerId: string, patientId: string]>> = {
  'in-a-home': [playJ1(seattle(13, 50)), 'employer-1', 'patient-1'],
  'broken-promise': [broken, 'employer-1', 'patient-2'],
  'queued-1': [playJ1(seattle(9, 8)), 'employer-2', 'patient-3'],
  'queued-2': [playJ1(seattle(9, 8)), 'employer-1', 'patient-4'],
  'in-intake': [playJ1(seattle(9, 3)), 'employer-2', 'patient-1'],
  'follow-up': [playJ1(seattle(18, 0)), 'employer-1', 'patient-5'],
  over: [playJ1(), 'employer-2', 'patient-6'],
};

beforeAll(async () => {
  setting = await openViews();
  await expect(board().page(all, {}, { limit: 10 })).rejects.toBeInstanceOf(Unavailable);
  const members: NewEvent[] = [];
  for (const [journeyId, [story, employerId, patientId]] of Object.entries(stories).toReversed()) {
    const events = eventsOf(story, { journeyId, employerId, patientId });
    await setting.store.append(`journey-${journeyId}`, events, 'none');
    const [first] = events;
    if (first) members.push({ ...first, id: crypto.randomUUID(), type: 'MemberEnrolled', data: { employerId, patientId, effectiveOn: 0 } });
  }
  for (const event of members) await setting.store.append(`member-${event.patient}`, [event], 'any');
  setting.run();
  await setting.settled();
});
afterAll(() => setting.drop());

const idsOf = (rows: readonly BoardRow[]): readonly string[] => rows.map(({ journeyId }) => journeyId);

describe('The board', () => {
  test('stands in the order of safety, broken promises, nearest deadline and age', async () => {
    const { rows, position, total } = await board().page(all, {}, { limit: 50 });
    const urgency = ({ safety, needsHuman, breaches }: BoardRow): number => (safety ? 0 : needsHuman && breaches > 0 ? 1 : 2);
    const due = ({ nearestDeadline }: BoardRow): number => nearestDeadline?.dueAt ?? Number.POSITIVE_INFINITY;
    const expected = rows.toSorted(
      (a, b) => urgency(a) - urgency(b) || due(a) - due(b) || a.requestedAt - b.requestedAt || (a.journeyId < b.journeyId ? -1 : 1),
    );
    expect(idsOf(rows)).toEqual(idsOf(expected));
    expect(idsOf(rows).slice(0, 2)).toEqual(['in-a-home', 'broken-promise']);
    expect(idsOf(rows).at(-1)).toBe('over');
    expect({ position, total }).toEqual({ position: await setting.store.head(), total: 7 });
  });

  test('comes page by page, each row once', async () => {
    const whole = await board().page(all, {}, { limit: 50 });
    const seen: string[] = [];
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor; isFirst = false) {
      const page = await board().page(all, {}, { limit: 2, ...(cursor && { cursor }) });
      seen.push(...idsOf(page.rows));
      cursor = page.next;
    }
    expect(seen).toEqual(idsOf(whole.rows));
  });

  test.each<[BoardFilter, string[]]>([
    [{ state: 'Queued' }, ['broken-promise', 'queued-1', 'queued-2']],
    [{ state: 'open', employerId: 'employer-2' }, ['in-intake', 'queued-1']],
    [{ needsHuman: true, waitingOn: 'C' }, ['queued-1', 'queued-2']],
    [{ needsHuman: false, employerId: 'employer-2' }, ['in-intake', 'over']],
    [{ owner: 'nobody' }, []],
  ])('shows with the filter %j what it lets through', async (filter, expected) => {
    const { rows, total } = await board().page(all, filter, { limit: 50 });
    expect(idsOf(rows).toSorted()).toEqual(expected);
    expect(total).toBe(expected.length);
    const { rows: unfiltered } = await board().page(all, {}, { limit: 50 });
    expect(idsOf(rows)).toEqual(idsOf(unfiltered.filter((row) => passes(row, filter)).toSorted(compareRows)));
  });

  test.each(['', 'x', 'bm9wZQ', Buffer.from('[1,2,3,"x; DROP TABLE"]').toString('base64url').slice(3)])(
    'refuses the cursor "%s"',
    async (cursor) => {
      await expect(board().page(all, {}, { limit: 2, cursor })).rejects.toBeInstanceOf(CursorUnknown);
    },
  );

  test('tells what changed after a position, in order and in parts', async () => {
    const { position } = await board().page(all, {}, { limit: 1 });
    expect(await board().changed(all, position, 10)).toEqual([]);
    const changed = await board().changed(all, 0, 50);
    expect(changed).toHaveLength(7);
    expect(changed.map((row) => row.position)).toEqual(changed.map((row) => row.position).toSorted((a, b) => a - b));
    expect(await board().changed(all, changed[2]?.position ?? 0, 2)).toEqual(changed.slice(3, 5));
    expect(await board().position()).toBe(await setting.store.head());
  });
});

describe('Without any filter of ours, the database shows', () => {
  const scopes = [
    { tenant: 'employer-1', patients: '*' },
    { tenant: '*', patients: ['patient-1'] },
    { tenant: 'employer-2', patients: ['patient-1', 'patient-3'] },
    { tenant: '', patients: '*' },
    { tenant: '*', patients: [] },
  ] as const;

  test.each(scopes.flatMap((scope) => views.map(({ name }) => [name, scope] as const)))(
    'of %s, within %j, no foreign row',
    async (name, scope) => {
      const { api, projector } = setting.database;
      const client = await api.connect();
      await client.query('BEGIN');
      const patients = scope.patients === '*' ? '*' : scope.patients.join(',');
      await client.query("SELECT set_config('caretrail.tenant', $1, true), set_config('caretrail.patients', $2, true)", [
        scope.tenant,
        patients,
      ]);
      const { rows } = await client.query<{ tenant: string; patient: string }>(`SELECT * FROM views.${name}`);
      await client.query('ROLLBACK');
      client.release();
      const stored = await projector.query<{ tenant: string; patient: string }>(`SELECT * FROM views.${name}`);
      const mayBeSeen = ({ tenant, patient }: { tenant: string; patient: string }): boolean =>
        (scope.tenant === '*' || scope.tenant === tenant) && (scope.patients === '*' || scope.patients.some((id) => id === patient));
      expect(stored.rows.length).toBeGreaterThan(0);
      expect(rows.length).toBe(stored.rows.filter(mayBeSeen).length);
      expect(rows.every(mayBeSeen)).toBe(true);
    },
  );

  test('nothing at all to a connection that never said for whom it reads', async () => {
    for (const { name } of views) {
      const { rows } = await setting.database.api.query(`SELECT * FROM views.${name}`);
      expect(rows).toEqual([]);
    }
  });

  test('the same through the read side', async () => {
    const scope = { tenant: 'employer-2', patients: ['patient-1'] };
    expect(idsOf((await board().page(scope, { employerId: 'employer-1' }, { limit: 50 })).rows)).toEqual([]);
    expect(idsOf((await board().page(scope, {}, { limit: 50 })).rows)).toEqual(['in-intake']);
    expect(idsOf(await board().changed(scope, 0, 50))).toEqual(['in-intake']);
  });

  test('an employer the figures of no other', async () => {
    const figures = openAccessView(setting.database.api);
    const own = { tenant: 'employer-1', patients: '*' } as const;
    expect(await figures.month(own, 'employer-2', '2026-10')).toMatchObject({ pooled: true, figures: [] });
  });
});
