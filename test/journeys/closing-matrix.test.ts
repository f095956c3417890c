import type { Role } from '../../domain/kernel/actor.ts';
import {
  atBedside,
  claimed,
  completed,
  completion,
  decided,
  homeVisit,
  must,
  ordered,
  queued,
  started,
  swab,
  tested,
  visited,
} from './consult-setting.ts';
import { covered } from './intake-setting.ts';
import { drafted, handedOut, signed, transmitted, verified } from './prescription-story.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';
import { at, clinical, dataOf, slotId } from './visit-setting.ts';

/** The causes of the matrix that end a journey, and the one that only changes who pays. */
const causes = {
  cancelled: ['X', 'CancelJourney', { reason: 'changed-mind' }],
  withdrawn: ['X', 'WithdrawConsent', { scopes: ['treatment'], textVersion: 1 }],
  left: ['C', 'LeaveAgainstAdvice', { capacityStated: true, statementRef: 'ref-statement' }],
  lost: ['T', 'RecordEligibilityLoss', { effectiveOn: at('00:00'), graceUntil: at('00:00', 30) }],
  died: ['K', 'RecordDeath', { sourceRef: 'ref-source', on: '2026-10-06' }],
} as const satisfies Record<string, readonly [Role, string, object]>;
type Cause = keyof typeof causes;

const give = (story: Story, cause: Cause) => {
  const [role, type, data] = causes[cause];
  return story.give(role, type, data);
};

const act: Readonly<Record<Cause, readonly string[]>> = {
  cancelled: ['JourneyCancelled'],
  withdrawn: ['ConsentWithdrawn', 'JourneyWithdrawn'],
  left: ['PatientLeftAgainstAdvice'],
  lost: ['EligibilityLost'],
  died: ['PatientDeathReported'],
};

/** A visit on its way, the consult over. */
const visitAt = (last: string) => (): Story => {
  const story = ordered();
  must(story, 'C', 'SignLabOrder', { orderId: 'o1' });
  must(story, 'C', 'CompleteConsult', completion(story));
  return visited(story, last);
};
const requestedVisit = (): Story => {
  const story = ordered([homeVisit]);
  must(story, 'C', 'CompleteConsult', completion(story));
  return story;
};
const heldVisit = (): Story => {
  const story = requestedVisit();
  const visit = { visitId: story.entityOf('VisitRequested') };
  must(story, 'X', 'ScreenHomeSafety', { ...visit, answers: { dogAtHome: false, weaponAtHome: false, safeEntrance: true } });
  must(story, 'X', 'HoldSlot', { ...visit, slotId });
  return story;
};
const labOnly = (): Story => {
  const story = ordered([swab]);
  must(story, 'C', 'CompleteConsult', completion(story));
  return story;
};
const reviewed = (): Story => {
  const story = tested();
  must(story, 'V', 'EndVisit', { visitId: story.entityOf('VisitRequested') });
  must(story, 'V', 'LeaveHome', { visitId: story.entityOf('VisitRequested') });
  return story;
};
/** The consult over while the pharmacy has the prescription. */
const consultOver = (given: () => Story) => (): Story => {
  const story = given();
  must(story, 'C', 'CompleteConsult', { consultId: 'consult-1', plannedOutcome: 'Resolved', summaryRef: 'ref-summary' });
  return story;
};
const emergencyLevel = (): Story => decided(3);

const window = ['FollowUpWindowClosed'];
const closed = ['JourneyClosed'];
const released = ['VisitCancelled', 'SlotReleased'];
const aborted = ['VisitAborted', 'VisitTaskSkipped'];

type Cells = Readonly<Record<Cause, readonly string[]>>;
const rows: readonly (readonly [stage: string, given: () => Story, cells: Cells])[] = [
  [
    'intake',
    covered,
    { cancelled: closed, withdrawn: closed, left: ['ClosureRequested', ...closed], lost: ['EligibilityDenied'], died: closed },
  ],
  [
    'the queue',
    queued,
    {
      cancelled: ['ConsultCancelled', ...closed],
      withdrawn: ['ConsultCancelled', ...closed],
      left: ['ConsultCancelled', 'ClosureRequested', ...closed],
      lost: ['TaskOpened'],
      died: ['ConsultCancelled', ...closed],
    },
  ],
  [
    'the queue, a clinician having taken it',
    claimed,
    {
      cancelled: ['ConsultCancelled', ...closed],
      withdrawn: ['ConsultCancelled', ...closed],
      left: ['ConsultCancelled', 'ClosureRequested', ...closed],
      lost: [],
      died: ['ConsultCancelled', ...closed],
    },
  ],
  [
    'a live consult',
    started,
    {
      cancelled: ['ConsultEndedByPatient', ...closed],
      withdrawn: ['ConsultEndedByPatient', ...closed],
      left: ['ConsultEndedByPatient', 'ClosureRequested', ...closed],
      lost: [],
      died: ['ConsultCancelled', ...closed],
    },
  ],
  [
    'a live consult that is urgent',
    emergencyLevel,
    {
      cancelled: ['ConsultEndedByPatient', 'TaskOpened'],
      withdrawn: ['ConsultEndedByPatient', ...closed],
      left: ['ConsultEndedByPatient', 'ClosureRequested', ...closed],
      lost: [],
      died: ['ConsultCancelled', ...closed],
    },
  ],
  [
    'a visit requested',
    requestedVisit,
    {
      cancelled: ['VisitCancelled', ...window, ...closed],
      withdrawn: ['VisitCancelled', ...window, ...closed],
      left: ['VisitCancelled', 'ClosureRequested', ...window, ...closed],
      lost: [],
      died: ['VisitCancelled', ...window, ...closed],
    },
  ],
  [
    'a visit with a slot held',
    heldVisit,
    {
      cancelled: [...released, ...window, ...closed],
      withdrawn: [...released, ...window, ...closed],
      left: [...released, 'ClosureRequested', ...window, ...closed],
      lost: [],
      died: [...released, ...window, ...closed],
    },
  ],
  [
    'a visit scheduled, with a test to be done at it',
    visitAt('AnswerAssignment'),
    {
      cancelled: [...released, 'LabOrderCancelled', ...window, ...closed],
      withdrawn: [...released, 'LabOrderCancelled', ...window, ...closed],
      left: [...released, 'LabOrderCancelled', 'ClosureRequested', ...window, ...closed],
      lost: [],
      died: [...released, 'LabOrderCancelled', ...window, ...closed],
    },
  ],
  [
    'a visitor en route',
    visitAt('DepartForVisit'),
    {
      cancelled: [...released, 'VisitorTurnedBack', 'LabOrderCancelled', ...window, ...closed],
      withdrawn: [...released, 'VisitorTurnedBack', 'LabOrderCancelled', ...window, ...closed],
      left: [...released, 'VisitorTurnedBack', 'LabOrderCancelled', 'ClosureRequested', ...window, ...closed],
      lost: [],
      died: ['VisitorTurnedBack', ...released, 'LabOrderCancelled', ...window, ...closed],
    },
  ],
  [
    'a visitor in the home before the visit began',
    visitAt('ArriveAtVisit'),
    {
      cancelled: [...aborted, 'LabOrderCancelled'],
      withdrawn: [...aborted, 'LabOrderCancelled', ...window],
      left: [...aborted, 'LabOrderCancelled', 'ClosureRequested'],
      lost: [],
      died: ['EmergencyDeclared', ...aborted, 'LabOrderCancelled', ...window],
    },
  ],
  [
    'a visit in progress',
    atBedside,
    {
      cancelled: [...aborted, 'LabOrderCancelled'],
      withdrawn: [...aborted, 'LabOrderCancelled', ...window],
      left: [...aborted, 'LabOrderCancelled', 'ClosureRequested'],
      lost: [],
      died: ['EmergencyDeclared', ...aborted, 'LabOrderCancelled', ...window],
    },
  ],
  [
    'a visit in progress with nothing left to do',
    tested,
    {
      cancelled: ['VisitEnded'],
      withdrawn: ['VisitEnded', ...window],
      left: ['VisitEnded', 'ClosureRequested'],
      lost: [],
      died: ['EmergencyDeclared', 'VisitAborted', ...window],
    },
  ],
  [
    'a test that was only ordered',
    labOnly,
    {
      cancelled: ['LabOrderCancelled', ...window, ...closed],
      withdrawn: ['LabOrderCancelled', ...window, ...closed],
      left: ['LabOrderCancelled', 'ClosureRequested', ...window, ...closed],
      lost: [],
      died: ['LabOrderCancelled', ...window, ...closed],
    },
  ],
  ['a result that nobody has reviewed', reviewed, { cancelled: [], withdrawn: window, left: ['ClosureRequested'], lost: [], died: window }],
  [
    'a prescription drafted',
    consultOver(drafted),
    {
      cancelled: ['PrescriptionCancelRequested', 'PrescriptionCancelConfirmed', ...window, ...closed],
      withdrawn: ['PrescriptionCancelRequested', 'PrescriptionCancelConfirmed', ...window, ...closed],
      left: ['PrescriptionCancelRequested', 'PrescriptionCancelConfirmed', 'ClosureRequested', ...window, ...closed],
      lost: [],
      died: ['PrescriptionCancelRequested', 'PrescriptionCancelConfirmed', ...window, ...closed],
    },
  ],
  ...([signed, transmitted, verified] as const).map(
    (given) =>
      [
        `a prescription ${given.name}`,
        consultOver(given),
        {
          cancelled: ['PrescriptionCancelRequested'],
          withdrawn: ['PrescriptionCancelRequested', ...window],
          left: ['PrescriptionCancelRequested', 'ClosureRequested'],
          lost: ['TaskOpened'],
          died: ['PrescriptionCancelRequested', ...window],
        },
      ] as const,
  ),
  [
    'a delivery on its way',
    consultOver(handedOut),
    {
      cancelled: ['PrescriptionCancelRequested', 'DeliveryStopRequested', 'TaskOpened'],
      withdrawn: ['PrescriptionCancelRequested', 'DeliveryStopRequested', 'TaskOpened', ...window],
      left: ['PrescriptionCancelRequested', 'DeliveryStopRequested', 'TaskOpened', 'ClosureRequested'],
      lost: ['TaskOpened'],
      died: ['PrescriptionCancelRequested', 'DeliveryStopRequested', ...window],
    },
  ],
  [
    'the follow-up',
    completed,
    {
      cancelled: [...window, ...closed],
      withdrawn: [...window, ...closed],
      left: ['ClosureRequested', ...window, ...closed],
      lost: [],
      died: [...window, ...closed],
    },
  ],
];

describe.each(rows)('While there is %s', (_stage, given, cells) => {
  test.each(Object.keys(causes) as Cause[])('the journey is %s: the stage ends as the matrix says', (cause) => {
    const told = give(given(), cause);
    expect(told.refusal).toBeUndefined();
    expect(clinical(told)).toEqual([...act[cause], ...cells[cause]]);
  });

  test('what ended the journey once ends nothing twice', () => {
    const story = given();
    give(story, 'cancelled');
    const again = give(story, 'cancelled');
    expect([again.events, again.refusal ?? 'already']).toEqual([[], story.journey.closing.closed ? 'journey-closed' : 'already']);
  });
});

describe('What a cancellation costs', () => {
  const policy = { ...sampleFacts.pathway.contract, terms: { ...sampleFacts.pathway.contract.terms, cancellationFeeCents: 4_000 } };
  const scheduled = (): Story => {
    const story = ordered([homeVisit], { facts: { pathway: { ...sampleFacts.pathway, contract: policy } } });
    must(story, 'C', 'CompleteConsult', completion(story));
    return visited(story, 'BookVisit');
  };
  const fee = (story: Story, cause: Cause) => dataOf(give(story, cause), 'VisitCancelled');

  test('is nothing until the cut-off, that instant included, and then what the booking said', () => {
    const free = scheduled();
    free.now = at('13:00', -1);
    expect(fee(free, 'cancelled')).toMatchObject({ by: 'parent-1', reason: 'changed-mind', feeDecision: { free: true, feeCents: 0 } });
    const late = scheduled();
    expect(late.now).toBeGreaterThan(at('13:00', -1));
    expect(fee(late, 'cancelled')).toMatchObject({ feeDecision: { free: false, feeCents: 4_000 } });
  });

  test('is nothing after a death', () => expect(fee(scheduled(), 'died')).toMatchObject({ feeDecision: { free: true, feeCents: 0 } }));
});

describe('In the order in which they were opened', () => {
  test('the children end, whatever they are', () => {
    const story = ordered([swab, homeVisit]);
    expect(clinical(give(story, 'cancelled'))).toEqual([
      'JourneyCancelled',
      'ConsultEndedByPatient',
      'LabOrderCancelled',
      'VisitCancelled',
      'JourneyClosed',
    ]);
  });
});

describe('A journey that was to end and could not yet', () => {
  test('closes when the visitor has left, and only then', () => {
    const story = atBedside();
    give(story, 'cancelled');
    expect(story.give('V', 'LeaveHome', { visitId: story.entityOf('VisitRequested') }).events).toEqual([
      'VisitorLeftHome',
      'LoneWorkerTimerStopped',
      'FollowUpWindowClosed',
      'JourneyClosed',
    ]);
    expect(story.journey.closing.closed?.outcome).toBe('Cancelled');
  });

  test.each<[Cause, string]>([
    ['withdrawn', 'Withdrawn'],
    ['died', 'Deceased'],
  ])('by %s needs the review of a result, and tells nobody of it', (cause, outcome) => {
    const story = reviewed();
    give(story, cause);
    const result = { resultId: story.entityOf('FinalResultReceived'), version: 1 };
    expect(story.give('C', 'ReviewResult', result).events).toEqual(['ResultReviewed', 'JourneyClosed']);
    expect(story.journey.closing.closed?.outcome).toBe(outcome);
  });

  test('by cancellation still tells the patient of a result', () => {
    const story = reviewed();
    give(story, 'cancelled');
    const result = { resultId: story.entityOf('FinalResultReceived'), version: 1 };
    expect(story.give('C', 'ReviewResult', result).events).toEqual(['ResultReviewed']);
    expect(story.give('C', 'InformPatientOfResult', { ...result, channel: 'app' }).events).toContain('JourneyClosed');
  });
});
