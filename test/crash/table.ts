// What a run prints: one line for each play, and one for each place at the end.
import type { Attack, Fought } from './battlefield.ts';
import type { Hit } from './points.ts';

const nameOf = ({ point, step, nth }: Hit): string => `${point}@${step}.${nth}`;

const clientOf = ({ retries, together }: Attack): string =>
  together ? 'with API and Temporal, nobody repeats' : retries ? 'clients repeat' : 'nobody repeats';

/** One line about a play. */
export const lineOf = ({ attack, killed, seconds, red }: Fought): string => {
  const wanted = attack.kills.map(nameOf).join(' ');
  const what = red === undefined ? `${killed.length} of ${attack.kills.length} killed` : `RED ${red.split('\n')[0]}`;
  return `${String(seconds).padStart(4)} s  ${clientOf(attack).padEnd(14)}  ${wanted}  ${what}`;
};

/** For each place: kills that were meant, kills that happened, and plays that went wrong. */
export function tableOf(all: readonly Fought[], points: readonly string[]): readonly string[] {
  const rows = points.map((point) => {
    const at = (hits: readonly Hit[]): number => hits.filter((hit) => hit.point === point).length;
    const meant = all.reduce((sum, { attack }) => sum + at(attack.kills), 0);
    const killed = all.reduce((sum, fought) => sum + at(fought.killed), 0);
    const red = all.filter((fought) => fought.red !== undefined && at(fought.attack.kills) > 0).length;
    return `${point.padEnd(20)}${String(meant).padStart(7)}${String(killed).padStart(8)}${String(red).padStart(6)}`;
  });
  return [`${'place'.padEnd(20)}${'meant'.padStart(7)}${'killed'.padStart(8)}${'red'.padStart(6)}`, ...rows];
}
