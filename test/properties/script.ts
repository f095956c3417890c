import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { day, hour, type Instant, minute } from '../../domain/kernel/time.ts';
import { knownIn } from '../state-machine/known-values.ts';
import { type Decider, type Given, give, type Play, type Told } from '../state-machine/play.ts';
import { waysOf, worked } from '../state-machine/ways.ts';
import type { Law } from './laws.ts';

/** One thing that happens: a command, an old one once more, or a clock that runs out. */
export interface Choice {
  readonly kind: 'command' | 'again' | 'clock';
  /** Which of those that are possible. */
  readonly which: number;
  readonly way: number;
  /** Time that passes before. */
  readonly passes: number;
  /** How long ago it happened, when it is told late. */
  readonly ago: number;
}
export interface Script {
  /** How much of J-1 has happened already, in hundredths. */
  readonly start: number;
  readonly choices: readonly Choice[];
}

/** Spreads what is drawn, for small numbers are drawn more often. */
function mixed(drawn: number): number {
  return (drawn * 2_654_435_761) % 1_000_003;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  kind: fc.constantFrom('command', 'command', 'command', 'command', 'again', 'clock'),
  which: fc.integer({ min: 0, max: 1_000_000 }).map(mixed),
  way: fc.integer({ min: 0, max: 1_000_000 }).map(mixed),
  passes: fc.constantFrom(0, 0, 0, minute, 20 * minute, 5 * hour, 30 * hour, 15 * day),
  ago: fc.constantFrom(0, 0, 0, minute, 2 * hour, 3 * day),
});

/** Commands, repeats, reorderings, late facts and leaps of time. */
export const script: fc.Arbitrary<Script> = fc.record({
  start: fc.constantFrom(...Array.from({ length: 101 }, (_, hundredths) => hundredths)),
  choices: fc.array(choice, { minLength: 5, maxLength: 40 }),
});

/** One step that was taken. */
export interface Taken {
  readonly before: Play;
  readonly given: Given;
  readonly told: Told;
}

/** Commands that are tried before one is given that changes nothing: most are refused in most states. */
const tries = 5;

const known = new WeakMap<Decider, readonly Play[]>();

/** J-1 as far as each of its commands; made once for each decider. */
function beginningsOf(decider: Decider): readonly Play[] {
  const beginnings = known.get(decider) ?? worked(decider);
  known.set(decider, beginnings);
  return beginnings;
}

/** Plays a script; `see` is told of each step. */
export function perform(decider: Decider, { start, choices }: Script, see: (taken: Taken) => void): Play {
  const beginnings = beginningsOf(decider);
  let play = beginnings[Math.round((start / 100) * (beginnings.length - 1))] as Play;
  const past: Given[] = [];
  choices.forEach((chosen, n) => {
    const before = { ...play, now: play.now + chosen.passes };
    const taken = take(decider, before, chosen, past, `s${n}`);
    if (!taken) return;
    see(taken);
    past.push(taken.given);
    play = taken.told.after;
  });
  return play;
}

/** Plays a script and holds every step, and the fold of all events, against the laws. @throws naming the law that is broken */
export function lawful(decider: Decider, laws: Readonly<Record<string, Law>>, told: Script, at: number): void {
  const play = perform(decider, told, (step) => {
    for (const [name, law] of Object.entries(laws)) {
      const broken = law(step, decider);
      if (broken) throw new Error(`${name}: ${broken}, after ${step.given.type}`);
    }
  });
  const stored = JSON.parse(JSON.stringify(play.happened)) as typeof play.happened;
  const cut = at % (stored.length + 1);
  const half = stored.slice(0, cut).reduce(decider.evolve, decider.initial);
  for (const folded of [stored.slice(cut).reduce(decider.evolve, half), stored.reduce(decider.evolve, decider.initial)]) {
    if (!isDeepStrictEqual(folded, play.journey)) throw new Error('the events alone make another journey (I-2)');
  }
}

/** What a choice comes to here; nothing if there is nothing to choose from. */
export function take(decider: Decider, before: Play, chosen: Choice, past: readonly Given[], id: string): Taken | undefined {
  const at = before.now - chosen.ago;
  if (chosen.kind === 'again') {
    const given = past[chosen.which % (past.length || 1)];
    return given && taken(decider, before, { ...given, id, at });
  }
  if (chosen.kind === 'clock') {
    const deadlines = decider.plan(before.journey).deadlines.toSorted((a, b) => a.dueAt - b.dueAt);
    // Mostly the next one; now and then one that is not due yet.
    const data = deadlines[chosen.way % 4 === 0 ? chosen.which % (deadlines.length || 1) : 0];
    const now: Instant = chosen.way % 4 === 0 ? before.now : Math.max(before.now, data?.dueAt ?? 0);
    return data && taken(decider, { ...before, now }, { role: 'T', type: 'ElapseDeadline', data, at: now, id });
  }
  const types = Object.keys(decider.commands).filter((type) => type !== 'ElapseDeadline');
  const known = knownIn(before);
  let last: Taken | undefined;
  for (let i = 0; i < tries; i += 1) {
    const type = types[(chosen.which + i * 17) % types.length] ?? '';
    const ways = waysOf(decider, before, type, known);
    const given = ways[chosen.way % (ways.length || 1)];
    if (!given) continue;
    last = taken(decider, before, { ...given, id, at });
    if (last.told.events.length > 0) return last;
  }
  return last;
}

const taken = (decider: Decider, before: Play, given: Given): Taken => ({ before, given, told: give(decider, before, given) });
