import { views } from '../../projections/views.ts';
import { appendWoven, eventsOf, playJ1 } from './histories.ts';
import { openViews, type ViewsDatabase } from './views-database.ts';

let setting: ViewsDatabase;
beforeAll(async () => {
  setting = await openViews();
});
afterAll(() => setting.drop());

test('after J-1, followed live, every view equals one that is built from scratch', async () => {
  setting.run();
  const story = playJ1();
  await appendWoven(setting.store, new Map(['a', 'b', 'c'].map((journeyId) => [journeyId, eventsOf(story, { journeyId })])));
  await setting.settled();
  for (const view of views) expect([view.name, await setting.differences(view)]).toEqual([view.name, []]);
});
