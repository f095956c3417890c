import { act, type Cause, causes, consultOver, give, heldVisit, labOnly, requestedVisit, reviewed, visitAt } from './closing-setting.ts';
import { atBedside, claimed, completed, decided, queued, started, tested } from './consult-setting.ts';
import { covered } from './intake-setting.ts';
import { drafted, handedOut, signed, transmitted, verified } from './prescription-story.ts';
import type { Story } from './story.ts';
import { clinical } from './visit-setting.ts';

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
    () => decided(3),
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
