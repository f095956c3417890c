import { clinic } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import { drive, type HistoryEvent } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import type { WorkedStep } from '../../dev/journeys/step.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import { minute } from '../../domain/kernel/time.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { callsOf, ledgerOf, type PlannedFault, planFaults } from './clinic-side.ts';

const firstDay = '2026-10-06';
let system: TestSystem;
beforeAll(async () => {
  system = await startSystem('unknown-send', firstDay);
}, 120_000);
afterAll(() => system?.stop(), 60_000);

/** 14:03 in Seattle, the instant of the signature. */
const signedAt = (date: number): number => instantOf({ year: 2026, month: 10, day: date, hour: 14, minute: 3 }, clinic.zone);
const rx = { rxId: 'p1' };

/** Worked journey J-5 on a day of October: a prescription that is ready to sign, what the network is to do with it, and what then happens. */
async function play(variant: string, date: number, faults: readonly PlannedFault[], then: readonly WorkedStep[]) {
  const at = signedAt(date);
  const cast = castOf(system.family, `2026-10-${String(date).padStart(2, '0')}`);
  const steps = j1(cast);
  const consulted = steps.slice(0, steps.findIndex(({ command }) => command === 'DecideDisposition') + 1);
  const treat = (command: string, data: object, ...events: string[]): WorkedStep => ({
    at: at - minute,
    role: command === 'ChoosePharmacy' ? 'X' : 'C',
    command,
    data: () => data,
    events,
  });
  const ready = [
    treat('ConfirmAllergyList', { codedList: [] }, 'AllergyListConfirmed'),
    treat('ConfirmMedicationList', { codedList: [] }, 'MedicationListConfirmed'),
    treat('ChoosePharmacy', { pharmacyId: cast.pharmacyId, fulfilment: 'pickup' }, 'PharmacyChosen'),
    treat(
      'DraftPrescription',
      { ...rx, rxnorm: '723', sig: 'two-times-a-day', quantity: 20, days: 10 },
      'PrescriptionDrafted',
      'RxSafetyCheckRequested',
      'RxSafetyCheckPassed',
    ),
  ];
  const sign: WorkedStep = { at, role: 'C', command: 'SignPrescription', data: () => rx, events: ['PrescriptionSigned'] };
  const run = { system, texts: textsOf(system.family.child), name: `unknown-send-${variant}` };
  await drive({ ...run, onEvent: () => undefined }, [...consulted, ...ready]);
  // Only now, so that the plan meets nothing that the day before has left.
  await planFaults(system.partners, 'pharmacy', faults);
  const history: HistoryEvent[] = [];
  const onEvent = (event: HistoryEvent): void => void history.push(event);
  const journeyId = await drive({ ...run, onEvent }, [...consulted, ...ready, sign, ...then]);
  const key = `${journeyId}/rx-send.p1`;
  const calls = (await callsOf(system.partners, 'pharmacy')).filter((call) => call.key === key);
  return {
    ledger: (await ledgerOf(system.partners, 'pharmacy')).filter((entry) => entry.key === key).length,
    calls: calls.map(({ operation }) => operation),
    told: history
      .slice(history.findIndex(({ type }) => type === 'PrescriptionSigned'))
      .filter(({ type }) => !type.startsWith('Notice'))
      .map(({ type, actor }) => [type, actor.role]),
    minutes: history
      .filter(({ type }) => type === 'PrescriptionReconciled')
      .map(({ occurredAt }) => (Date.parse(new Date(occurredAt).toISOString()) - at) / minute),
  };
}

/** Something that comes by itself, so many minutes after the signature. */
const comes = (date: number, minutes: number, command: string, ...events: string[]): WorkedStep => ({
  at: signedAt(date) + minutes * minute,
  role: 'A',
  command,
  data: () => ({}),
  events,
});

test('J-5 A: the network has done it and the line was cut; the journey finds it by asking, and it was sent once', async () => {
  const faults: readonly PlannedFault[] = [
    { on: 'send', fault: 'reset-after-doing' },
    { on: 'message', fault: 'delay', by: 3 * minute },
  ];
  const played = await play('a', 6, faults, [
    comes(6, 0, 'RecordRxTransmission', 'PrescriptionSendUnconfirmed'),
    comes(6, 2, 'RecordRxReconciliation', 'PrescriptionReconciled'),
    comes(6, 4, 'RecordPharmacyStatus', 'PrescriptionVerifiedByPharmacy'),
  ]);
  expect(played).toEqual({
    ledger: 1,
    calls: ['send', 'query'],
    told: [
      ['PrescriptionSigned', 'C'],
      ['PrescriptionSendUnconfirmed', 'A'],
      ['PrescriptionReconciled', 'A'],
      ['PrescriptionVerifiedByPharmacy', 'A'],
    ],
    minutes: [2],
  });
}, 120_000);

test('J-5 B: the answer is too late and three queries bring nothing; a named pharmacist says that it is there, and it was sent once', async () => {
  const faults: readonly PlannedFault[] = [
    { on: 'send', fault: 'delay' },
    { on: 'query', fault: 'fail' },
    { on: 'query', fault: 'drop' },
    { on: 'query', fault: 'delay' },
    { on: 'message', fault: 'delay', by: 14 * minute },
  ];
  const phoned: WorkedStep = {
    at: signedAt(7) + 14 * minute,
    role: 'K',
    command: 'RecordRxReconciliation',
    data: () => ({ ...rx, outcome: 'found', by: 'pharmacist-lopez' }),
    events: ['PrescriptionReconciled', 'TaskCompleted'],
  };
  const played = await play('b', 7, faults, [
    comes(7, 0, 'RecordRxTransmission', 'PrescriptionSendUnconfirmed'),
    comes(7, 2, 'RecordRxReconciliation', 'PrescriptionReconciled'),
    comes(7, 5, 'RecordRxReconciliation', 'PrescriptionReconciled'),
    comes(7, 10, 'RecordRxReconciliation', 'PrescriptionReconciled', 'TaskOpened'),
    phoned,
    comes(7, 15, 'RecordPharmacyStatus', 'PrescriptionVerifiedByPharmacy'),
  ]);
  expect(played).toEqual({
    ledger: 1,
    calls: ['send', 'query', 'query', 'query'],
    told: [
      ['PrescriptionSigned', 'C'],
      ['PrescriptionSendUnconfirmed', 'A'],
      ['PrescriptionReconciled', 'A'],
      ['PrescriptionReconciled', 'A'],
      ['PrescriptionReconciled', 'A'],
      ['TaskOpened', 'A'],
      ['PrescriptionReconciled', 'K'],
      ['TaskCompleted', 'K'],
      ['PrescriptionVerifiedByPharmacy', 'A'],
    ],
    minutes: [2, 5, 10, 14],
  });
}, 120_000);

test('J-5 C: the line was cut before the network had it; a query says so, and the second attempt is the only one that is done', async () => {
  const played = await play(
    'c',
    8,
    [{ on: 'send', fault: 'drop' }],
    [
      comes(8, 0, 'RecordRxTransmission', 'PrescriptionSendUnconfirmed'),
      comes(8, 2, 'RecordRxReconciliation', 'PrescriptionReconciled', 'PrescriptionTransmitted'),
      comes(8, 3, 'RecordPharmacyStatus', 'PrescriptionVerifiedByPharmacy'),
    ],
  );
  expect(played).toEqual({
    ledger: 1,
    calls: ['send', 'query', 'send'],
    told: [
      ['PrescriptionSigned', 'C'],
      ['PrescriptionSendUnconfirmed', 'A'],
      ['PrescriptionReconciled', 'A'],
      ['PrescriptionTransmitted', 'A'],
      ['PrescriptionVerifiedByPharmacy', 'A'],
    ],
    minutes: [2],
  });
}, 120_000);
