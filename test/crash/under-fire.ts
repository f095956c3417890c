// The long run of `npm run test:crash`; jest does not find it by its name. dev/test-crash.mjs says what it is to do.
import { z } from 'zod';
import { type Battlefield, enter, type Fought } from './battlefield.ts';
import { allTogether, dice, drawn, everyPoint } from './plan.ts';
import { buildWith, type PlantedBug, plantedBugs } from './planted-bugs.ts';
import { points } from './points.ts';
import { lineOf, tableOf } from './table.ts';

const wanted = z
  .strictObject({ minutes: z.number(), seed: z.int(), points: z.array(z.string()).optional(), planted: z.boolean() })
  .parse(JSON.parse(process.env['CARETRAIL_TEST_FIRE'] ?? '{}'));

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function inBattle<T>(label: string, built: string | undefined, work: (field: Battlefield) => Promise<T>): Promise<T> {
  const field = await enter(label, built);
  try {
    return await work(field);
  } finally {
    await field.leave();
  }
}

async function everything(field: Battlefield): Promise<readonly Fought[]> {
  const end = Date.now() + wanted.minutes * 60_000;
  const all: Fought[] = [];
  const fight = async (attack: Parameters<Battlefield['fight']>[0]): Promise<void> => {
    const fought = await field.fight(attack);
    all.push(fought);
    say(lineOf(fought));
  };
  say('J-1 undisturbed, to count what it passes');
  const hits = await field.count();
  for (const point of Object.keys(points)) say(`  ${point.padEnd(20)}${String(hits.get(point)?.length ?? 0).padStart(5)}`);
  expect(Object.keys(points).filter((point) => !hits.has(point))).toEqual([]);
  for (const attack of everyPoint(hits, wanted.seed, wanted.points)) await fight(attack);
  if (wanted.points) return all;
  for (const attack of allTogether()) await fight(attack);
  const throwDice = dice(wanted.seed);
  while (Date.now() < end) await fight(drawn(hits, throwDice));
  return all;
}

/** Only the plays that can show a bug; what went red. */
async function shown(bug: PlantedBug): Promise<readonly Fought[]> {
  const build = await buildWith(bug);
  const fought = await inBattle(`fire-${bug.name}`, build.folder, async (field) => [await field.fight(bug.attack)]);
  await build.remove();
  return fought;
}

const anHour = 3_600_000;

if (wanted.planted) {
  test.each(plantedBugs.map((bug) => [bug.says, bug] as const))('a system is seen red when %s', async (_, bug) => {
    const all = await shown(bug);
    for (const fought of all) say(`${bug.says}\n${lineOf(fought)}`);
    expect(all.some(({ red }) => red !== undefined)).toBe(true);
  }, 600_000);
} else {
  test('whatever is killed, nothing is lost and nothing happens twice', async () => {
    say(`seed ${wanted.seed}, ${wanted.minutes} minutes`);
    const all = await inBattle('fire', undefined, everything);
    say(['', ...tableOf(all)].join('\n'));
    expect(all.flatMap(({ red }) => red ?? [])).toEqual([]);
  }, anHour);
}
