import fc from 'fast-check';
import * as journeys from '../../domain/journey/index.ts';
import { withEvent } from '../../projections/journey.ts';
import { viewStatus, waitForPosition } from '../../projections/view-status.ts';
import { views } from '../../projections/views.ts';
import type { NewEvent } from '../../store/event-store.ts';
import { appendWoven, eventsOf, playJ1 } from './histories.ts';
import { randomStory } from './random-stories.ts';
import { openViews, type ViewsDatabase } from './views-database.ts';

let setting: ViewsDatabase;
beforeAll(async () => {
  setting = await openViews();
  // So few and so small that streams are cut apart and leave the cache.
  setting.run(views, { batchSize: 7, cached: 2 });
});
afterAll(() => setting.drop());

async function expectEqualToScratch(): Promise<void> {
  await setting.settled();
  for (const view of views) expect([view.name, await setting.differences(view)]).toEqual([view.name, []]);
}

/** The journeys of the log, folded anew. */
async function foldedJourneys(): Promise<ReadonlyMap<string, journeys.Journey>> {
  const folded = new Map<string, journeys.Journey>();
  for await (const event of setting.store.readAll({ filter: { streamPrefixes: ['journey-'] } }))
    folded.set(event.stream, withEvent(folded.get(event.stream) ?? journeys.initial, event));
  return folded;
}

describe('Views that follow the log', () => {
  test('equal those that are built from scratch after J-1', async () => {
    const story = playJ1();
    const [like] = eventsOf(story, { journeyId: 'a' });
    const enrolled = { employerId: 'employer-1', patientId: 'patient-1', effectiveOn: 5 };
    if (like) await setting.store.append('member-patient-1', [{ ...like, type: 'MemberEnrolled', data: enrolled }], 'none');
    await appendWoven(setting.store, new Map(['a', 'b', 'c', 'd'].map((journeyId) => [journeyId, eventsOf(story, { journeyId })])));
    await expectEqualToScratch();
    const { rows } = await setting.database.projector.query('SELECT tenant, patient, effective_on FROM views.roster');
    expect(rows).toEqual([{ tenant: 'employer-1', patient: 'patient-1', effective_on: 5 }]);
  });

  test('equal those that are built from scratch after any commands in any order', async () => {
    let count = 0;
    const named = fc.array(randomStory, { minLength: 3, maxLength: 6 }).map((stories): Map<string, NewEvent[]> => {
      count += 1;
      return new Map(stories.map((story, i) => [`random-${count}-${i}`, eventsOf(story, { journeyId: `random-${count}-${i}` })]));
    });
    await fc.assert(
      fc.asyncProperty(named, async (woven) => appendWoven(setting.store, woven)),
      { numRuns: 6 },
    );
    await expectEqualToScratch();
  });

  test('list as due exactly what the plan of each folded journey says', async () => {
    await setting.settled();
    const { rows } = await setting.database.projector.query<{ item: string }>(
      "SELECT concat_ws(' ', stream, kind, name, entity_id, CASE kind WHEN 'deadline' THEN due_at::text ELSE attempt::text END) AS item FROM views.due",
    );
    const planned = [...(await foldedJourneys())].flatMap(([stream, journey]) => {
      const { deadlines, effects } = journeys.plan(journey);
      return [
        ...deadlines.map(({ name, entityId, dueAt }) => `${stream} deadline ${name} ${entityId} ${dueAt}`),
        ...effects.map(({ kind, entityId, attempt }) => `${stream} effect ${kind} ${entityId} ${attempt}`),
      ];
    });
    expect(planned.length).toBeGreaterThan(30);
    expect(rows.map(({ item }) => item).toSorted()).toEqual(planned.toSorted());
  });
});

describe('How far a view is', () => {
  test('whoever waits for a position reads what was just written', async () => {
    const { position } = await setting.store.append('journey-late', eventsOf(playJ1(), { journeyId: 'late' }), 'none');
    expect(await waitForPosition(setting.database.api, 'board', position, 5_000)).toBe(true);
    const { rows } = await setting.database.projector.query("SELECT position FROM views.board WHERE stream = 'journey-late'");
    expect(rows).toEqual([{ position }]);
  });

  test('a position that does not come is not waited for any longer than asked', async () => {
    const began = Date.now();
    expect(await waitForPosition(setting.database.api, 'board', 1_000_000_000, 150)).toBe(false);
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  test('the status tells that every view is caught up, and lags by nothing', async () => {
    await setting.settled();
    const head = await setting.store.head();
    expect(await viewStatus(setting.database.api)).toEqual(
      views.map(({ name }) => ({ view: name, state: 'caughtUp', position: head, lagEvents: 0, lagSeconds: 0 })),
    );
  });
});
