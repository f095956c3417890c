// Which kills are tried: the first, the middle and the last hit of each place, then a sample.
import { createHash } from 'node:crypto';
import { firstPlay } from '../../dev/clinic.ts';
import { castOf } from '../../dev/demo.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import type { Attack } from './battlefield.ts';
import { type Hit, type Hits, points, threeOf } from './points.ts';

/** Whole numbers from 0 that follow from a seed alone. */
export type Dice = (sides: number) => number;

export function dice(seed: number): Dice {
  let thrown = 0;
  return (sides) => {
    thrown += 1;
    return createHash('sha256').update(`${seed} ${thrown}`).digest().readUInt32BE() % sides;
  };
}

/** In the order in which a play passes them. */
const inOrder = (kills: readonly Hit[]): readonly Hit[] => kills.toSorted((a, b) => a.step - b.step || a.nth - b.nth);

/** For each place one play in which a process dies at its first, its middle and its last hit; every other client repeats. */
export const everyPoint = (hits: Hits, seed: number, only: readonly string[] = Object.keys(points)): readonly Attack[] =>
  only.map((point, i) => ({ kills: threeOf(hits, point), retries: (i + seed) % 2 === 0, together: false }));

const person = { patientId: '', name: '', birthDate: '', address: '' };
const worked = j1(castOf({ child: person, parent: person } as unknown as Parameters<typeof castOf>[0], firstPlay));

/** The step of J-1 in which a command is given for the first time. */
export const stepOf = (command: string): number => worked.findIndex((step) => step.command === command);

/** Worker, API and Temporal die at once, and nobody asks again: only the watch can bring the journey on. */
export const allTogether = (): readonly Attack[] =>
  ['execute.committed', 'perform.begun', 'perform.settled'].map((point) => ({
    // Here J-1 asks the payer, and waits for the answer.
    kills: [{ point, step: stepOf('AttestLocation'), nth: 1 }],
    retries: false,
    together: true,
  }));

/** Three kills drawn from all hits of all places. */
export function drawn(hits: Hits, throwDice: Dice): Attack {
  const names = Object.keys(points);
  const kills = Array.from({ length: 3 }, () => {
    const all = hits.get(names[throwDice(names.length)] ?? '') ?? [];
    return all[throwDice(Math.max(1, all.length))];
  });
  const found = kills.filter((hit) => hit !== undefined);
  return { kills: inOrder(found), retries: throwDice(2) === 0, together: false };
}

/** A command of J-1, and the place where the first to pass from then on dies. Notices keep nobody waiting while a dead attempt runs out. */
const placesInOrder: readonly (readonly [command: string, point: string, about?: string])[] = [
  ['StartJourney', 'run.starts'],
  ['VerifyIdentity', 'api.authenticated'],
  ['AttestLocation', 'execute.decided'],
  ['QuotePrice', 'run.continues'],
  ['GrantConsent', 'execute.committed'],
  ['SubmitQuestionnaire', 'api.accepted'],
  ['ClaimConsult', 'api.replying'],
  ['NoteConversationTurn', 'owed.sends'],
  ['NoteConversationTurn', 'owed.sent'],
  ['DecideDisposition', 'view.written'],
  ['PlaceOrders', 'view.committed'],
  ['BookVisit', 'perform.begins', 'notice'],
  ['ConfirmVisit', 'perform.begun', 'notice'],
  ['ArriveAtVisit', 'perform.done', 'notice'],
  ['ConfirmAllergyList', 'inbox.sends'],
  ['LeaveHome', 'perform.settled', 'notice'],
  ['RecordDeliveryStatus', 'inbox.received'],
  ['RecordDeliveryStatus', 'inbox.sent'],
];

/** Every place once, in one play. */
export const eachOnce: Attack = {
  kills: placesInOrder.map(([command, point, about]) => ({ point, step: stepOf(command), nth: 1, ...(about && { about }) })),
  retries: true,
  together: false,
};
