// The short form of `npm run test:crash`: every place once, in one play.
import { type Battlefield, enter } from './battlefield.ts';
import { eachOnce } from './plan.ts';
import { points } from './points.ts';

let field: Battlefield;
beforeAll(async () => {
  field = await enter('points');
}, 120_000);
afterAll(() => field?.leave(), 60_000);

test('a process killed at every place once: nothing is lost and nothing happens twice', async () => {
  const { red, killed } = await field.fight(eachOnce);
  expect(red).toBeUndefined();
  expect(killed.map(({ point }) => point).toSorted()).toEqual(Object.keys(points).toSorted());
}, 240_000);
