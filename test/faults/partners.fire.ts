// Partners that hang, do it and say nothing, say it twice, and tell everything thrice in every order.
import { randomUUID } from 'node:crypto';
import { firstPlay } from '../../dev/clinic.ts';
import type { WorkedStep } from '../../dev/journeys/step.ts';
import type { LedgerEntry } from '../../dev/partners/ledger.ts';
import { parties } from '../../dev/partners/parties.ts';
import type { PartyName } from '../../dev/partners/party.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import { sign, signatureHeader } from '../../interop/signature.ts';
import { openClient } from '../crash/client.ts';
import { expectNothingDue } from '../crash/record.ts';
import { wanted } from '../crash/wanted.ts';
import { ledgerOf, type PlannedFault, planFaults } from '../partners/clinic-side.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { eventually } from '../workflows/run-setting.ts';
import { expectAlive, judge, storedOf, toTheirClose } from './judgement.ts';
import { advance, care, type Load, laterDay, play } from './load.ts';

let system: TestSystem;
let load: Load;
let round = 0;
beforeAll(async () => {
  system = await startSystem('faults-partners', firstPlay, { dying: true, built: wanted.built });
}, 120_000);
beforeEach(() => {
  load = { system, client: load?.client ?? openClient(system, true), firstDay: laterDay(round) };
  round += 1;
});
afterEach(() => expectAlive(system, 'api', 'worker', 'projections', 'partners'));
afterAll(() => system?.stop(), 60_000);

/** What a journey asks of a partner last, and the events that it leaves before the partner has answered. */
const asking = {
  AttestLocation: ['PatientLocationAttested', 'EligibilityCheckRequested'],
  DraftPrescription: ['PrescriptionDrafted', 'RxSafetyCheckRequested'],
  SignPrescription: ['PrescriptionSigned'],
} as const;
const askers = Object.keys(asking) as readonly (keyof typeof asking)[];

/** As far as the step that asks, and no further. */
function untilAsked(last: keyof typeof asking): readonly WorkedStep[] {
  const steps = care(load, last);
  return steps.map((step) => (step.command === last ? { ...step, events: [...asking[last]] } : step));
}

const each = 3;

/** Plays journeys to just before each asking step, has the partners misbehave, and asks. Returns the journeys' ids, by what they asked last. */
async function askWith(label: string, faults: readonly PlannedFault[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const asked = askers.flatMap((last) => Array.from({ length: each }, (_, i) => [`${label}-${last}-${i}`, untilAsked(last)] as const));
  await Promise.all(asked.map(([name, steps]) => play(load, name, steps.slice(0, -1))));
  for (const party of ['eligibility', 'safety', 'pharmacy', 'courier', 'notices'] as const)
    await planFaults(system.partners, party, faults);
  const journeys = await Promise.all(asked.map(([name, steps]) => play(load, name, steps)));
  return new Map(askers.map((last, i) => [last, journeys.slice(i * each, (i + 1) * each)]));
}

/** Time goes on as queries and repeats need it. */
async function giveTime(): Promise<void> {
  for (const minutes of [2, 3, 5, 10, 60]) {
    await advance(load, minutes * minute);
    await eventually(() => expectNothingDue(system), 60_000);
  }
}

test.each<readonly [string, readonly PlannedFault[]]>([
  [
    'hang',
    [
      { on: 'send', fault: 'delay', times: each },
      { on: 'query', fault: 'delay', times: 1 },
    ],
  ],
  [
    'do it and cut the line',
    [
      { on: 'send', fault: 'reset-after-doing', times: each },
      { on: 'query', fault: 'drop', times: 1 },
    ],
  ],
  [
    'answer twice',
    [
      { on: 'send', fault: 'answer-twice', times: 2 * each },
      { on: 'query', fault: 'answer-twice', times: each },
    ],
  ],
  [
    'cut the line before',
    [
      { on: 'send', fault: 'drop', times: each },
      { on: 'query', fault: 'fail', times: 1 },
    ],
  ],
])(
  'partners that %s: what was asked for is done once, and the journeys go on',
  async (label, faults) => {
    const journeys = await askWith(label.replaceAll(' ', '-'), faults);
    await giveTime();
    const { DraftPrescription: drafted = [], ...others } = Object.fromEntries(journeys);
    // A draft that nobody has signed is a person's work: such a journey rightly does not close.
    for (const journeyId of drafted) await eventually(async () => expect(await checksOf(journeyId)).toHaveLength(1), 30_000);
    await toTheirClose(load, Object.values(others).flat());
    await judge(load);
  },
  200_000,
);

const permutations = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.length < 2 ? [items] : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));

/** What a stand-in would tell of each thing that it has done for a journey, by the journey's id. */
async function messagesOf(party: 'pharmacy' | 'courier', journeyId: string): Promise<readonly object[]> {
  const entries = (await ledgerOf(system.partners, party)) as readonly LedgerEntry[];
  const entry = entries.find(({ key }) => key.startsWith(`${journeyId}/`));
  return entry ? parties[party].tells(entry).map(({ body }) => body) : [];
}

async function tell(party: PartyName, body: object): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = { 'content-type': 'application/json', [signatureHeader]: sign(system.settings.partnerSecret, bytes, Date.now()) };
  const answer = await fetch(`${system.api}/v1/webhooks/${party}`, { method: 'POST', headers, body: bytes });
  expect(answer.status).toBe(202);
}

/** Each thrice: at once and then the next, or the whole order again and again. */
async function tellThrice(party: PartyName, order: readonly object[], inARow: boolean): Promise<void> {
  if (inARow) for (const body of order) await Promise.all([tell(party, body), tell(party, body), tell(party, body)]);
  else for (const body of [...order, ...order, ...order]) await tell(party, body);
}

/** How the safety check has ended: passed, or not brought to its end, which a clinician then has to decide on. */
const checksOf = async (journeyId: string): Promise<readonly unknown[]> =>
  (await storedOf(system, journeyId)).filter(({ type }) => type === 'RxSafetyCheckPassed' || type === 'RxSafetyCheckNotCompleted');

const countOf = async (journeyId: string, ...types: readonly string[]): Promise<readonly (readonly [string, number])[]> => {
  const stored = await storedOf(system, journeyId);
  return types.map((type) => [type, stored.filter((event) => event.type === type).length]);
};

const onceEach = (journeyId: string, ...types: readonly string[]): Promise<void> =>
  eventually(async () => expect(await countOf(journeyId, ...types)).toEqual(types.map((type) => [type, 1])), 30_000);

/** A pharmacy that said nothing for so long is a call for a person to make (`rx.verify`); it has been made. */
async function callThePharmacy(journeyId: string): Promise<void> {
  for (const { type, entityId, data } of await storedOf(system, journeyId)) {
    if (type !== 'TaskOpened' || (data as { readonly kind: string }).kind !== 'pharmacyCall') continue;
    const body = { taskId: entityId, resultCode: 'reached' };
    await load.client.call(system, { method: 'POST', path: `/v1/journeys/${journeyId}/complete-task`, role: 'K', body, key: randomUUID() });
  }
}

const orders = permutations([1, 2, 3]);

test('every webhook comes thrice, in every order: what it tells happened once', async () => {
  const silent: PlannedFault = { on: 'message', fault: 'drop', times: 1_000 };
  await planFaults(system.partners, 'pharmacy', [silent]);
  await planFaults(system.partners, 'courier', [silent]);
  const journeys = await Promise.all(orders.map((_, i) => play(load, `thrice-${i}`, care(load))));
  await advance(load, hour);
  for (const [i, journeyId] of journeys.entries()) {
    const told = await messagesOf('pharmacy', journeyId);
    expect(told).toHaveLength(2);
    await tellThrice('pharmacy', i % 2 === 0 ? told : told.toReversed(), i < orders.length / 2);
  }
  for (const journeyId of journeys) await onceEach(journeyId, 'PrescriptionVerifiedByPharmacy', 'MedicationDispensed', 'DeliveryRequested');
  for (const journeyId of journeys) await callThePharmacy(journeyId);
  await eventually(() => expectNothingDue(system), 30_000);
  await advance(load, 2 * hour);
  for (const [i, journeyId] of journeys.entries()) {
    const told = await messagesOf('courier', journeyId);
    expect(told).toHaveLength(4);
    const [assigned = {}, ...rest] = told;
    const order = (orders[i] ?? []).flatMap((place) => rest[place - 1] ?? []);
    await tellThrice('courier', i % 2 === 0 ? [assigned, ...order] : [...order, assigned], i % 2 === 0);
  }
  for (const journeyId of journeys)
    await onceEach(journeyId, 'CourierAssigned', 'DeliveryPickedUp', 'DeliveryArrivedAtDoor', 'DeliveryCompleted');
  await toTheirClose(load, journeys);
  await judge(load);
}, 200_000);
