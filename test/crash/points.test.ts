// The short form of `npm run test:crash`: every place once, on one system.
import { type Battlefield, enter } from './battlefield.ts';
import { dice, eachOnce } from './plan.ts';
import { points } from './points.ts';

let field: Battlefield;
beforeAll(async () => {
  field = await enter('points');
}, 120_000);
afterAll(() => field?.leave(), 60_000);

test('a process killed at every place once: nothing is lost and nothing happens twice', async () => {
  const hits = await field.count();
  expect([...hits.keys()].toSorted()).toEqual(Object.keys(points).toSorted());
  const kills = eachOnce(hits, dice(1));
  const half = Math.ceil(kills.length / 2);
  const fought = [
    await field.fight({ kills: kills.slice(0, half), retries: true, together: false }),
    await field.fight({ kills: kills.slice(half), retries: false, together: false }),
  ];
  expect(fought.flatMap(({ red }) => red ?? [])).toEqual([]);
  expect(fought.flatMap(({ killed }) => killed.map(({ point }) => point)).toSorted()).toEqual(Object.keys(points).toSorted());
}, 240_000);
