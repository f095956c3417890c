// The long form: J-1 again and again, while processes are killed at every named place.
import { type Attack, enter, type Fought } from './battlefield.ts';
import { allTogether, dice, drawn, everyPoint } from './plan.ts';
import { type Hits, points } from './points.ts';
import { lineOf, tableOf } from './table.ts';
import { say, wanted } from './wanted.ts';

const anHour = 3_600_000;
const names = wanted.points ?? Object.keys(points);

/** The attacks of a run, one after the other: every place, then all together, then what the dice say until time is up. */
function* attacks(hits: Hits, end: number): Generator<Attack> {
  yield* everyPoint(hits, wanted.seed, names);
  if (wanted.points) return;
  yield* allTogether();
  const throwDice = dice(wanted.seed);
  while (Date.now() < end) yield drawn(hits, throwDice);
}

test(
  'whatever is killed, nothing is lost and nothing happens twice',
  async () => {
    const end = Date.now() + wanted.minutes * 60_000;
    say(`seed ${wanted.seed}, ${wanted.minutes} minutes: J-1 undisturbed, to count what it passes`);
    const field = await enter('fire');
    const all: Fought[] = [];
    try {
      const hits = await field.count();
      for (const point of names) say(`  ${point.padEnd(20)}${String(hits.get(point)?.length ?? 0).padStart(5)}`);
      // A place that J-1 does not pass is not tested, and that is a fault of this test.
      expect(names.filter((point) => !hits.has(point))).toEqual([]);
      for (const attack of attacks(hits, end)) {
        const fought = await field.fight(attack);
        all.push(fought);
        say(lineOf(fought));
      }
    } finally {
      await field.leave();
    }
    say(['', ...tableOf(all, names)].join('\n'));
    expect(all.flatMap(({ red }) => red ?? [])).toEqual([]);
    const killed = new Set(all.flatMap((fought) => fought.killed.map(({ point }) => point)));
    expect(names.filter((point) => !killed.has(point))).toEqual([]);
  },
  anHour,
);
