import { randomUUID } from 'node:crypto';
import { j1 } from '../../dev/journeys/j1.ts';
import { tellers } from '../../dev/journeys/outside-facts.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import { hour } from '../../domain/kernel/time.ts';
import { readJourney } from '../../projections/journey.ts';
import { transitionsOf } from '../../projections/transitions.ts';
import { patientMaySee, seenBy } from '../../projections/visibility.ts';
import { waitingJourneys } from '../../projections/waiting.ts';
import type { StoredEvent } from '../../store/event-store.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import { cast, visitWindow as window } from '../journeys/cast.ts';
import { sampleFacts } from '../journeys/sample-facts.ts';
import { Story } from '../journeys/story.ts';

const zone = 'America/Los_Angeles';
const at = (hours: number, minutes = 0, day = 6) => instantOf({ year: 2026, month: 10, day, hour: hours, minute: minutes }, zone);

/** J-1 as the store holds it, all of it recorded when it happened. */
function playJ1(): readonly StoredEvent[] {
  const steps = j1(cast);
  const story = new Story(at(9), { slot: { ...sampleFacts.slot, window, earliest: window.from } });
  const ref = () => `ref-${randomUUID()}`;
  for (const step of steps) {
    story.now = step.at;
    const who = tellers[step.command];
    story.give(step.role, step.command, step.data(story.entityOf, ref), who ? { who } : {});
  }
  return story.happened.map((event, i) => ({
    ...event,
    ...envelope,
    id: randomUUID(),
    recordedAt: event.occurredAt,
    causationId: event.commandId,
    version: i + 1,
    position: i + 1,
  }));
}

const envelope = {
  stream: journeyStream('j1'),
  schemaVersion: 1,
  entityId: 'x',
  zone,
  correlationId: 'j1',
  workflowId: 'journey-j1',
  runId: '',
  templateVersion: 'sore-throat@3',
  source: 'api',
  tenant: 'employer-1',
  patient: 'patient-1',
};

const events = playJ1();
const read = (asOf: number) => readJourney(events, { asOf, now: asOf });

describe('J-1 up to the consult, as of an instant', () => {
  test('before anything there is no journey', () => {
    expect(read(at(8))).toBeUndefined();
  });

  test('in intake it waits for the gates that are open', () => {
    const journey = read(at(9, 3));
    expect(journey).toMatchObject({ superState: 'Screening', owner: { role: 'K' }, children: [] });
    expect(journey?.waitingOn.map(({ who, forWhat }) => `${who} ${forWhat}`)).toEqual(
      expect.arrayContaining(['X consent', 'X questionnaire', 'X redFlags']),
    );
    expect(journey?.quotes).toMatchObject([{ groupId: 'group-1', accepted: true }]);
  });

  test('queued it waits for a clinician', () => {
    const journey = read(at(9, 8));
    expect(journey).toMatchObject({ superState: 'Queued', children: [{ kind: 'consult', status: 'Queued' }] });
    expect(journey?.reason).toEqual({ why: 'consultQueued', waitingOn: { who: 'C' }, unblocks: 'ClaimConsult', needsHuman: true });
    expect(journey?.waitingOn).toContainEqual(expect.objectContaining({ who: 'C', forWhat: 'claim' }));
  });

  test('in triage it waits for whoever has the word', () => {
    expect(read(at(9, 21))).toMatchObject({ superState: 'InTriage', owner: { role: 'C', id: 'clinician-1' } });
    expect(read(at(9, 22))?.waitingOn).toContainEqual(expect.objectContaining({ who: 'P', forWhat: 'reply' }));
    expect(read(at(9, 23))?.waitingOn).toContainEqual(expect.objectContaining({ who: 'C', id: 'clinician-1', forWhat: 'consult' }));
  });
});

describe('J-1 in care, as of an instant', () => {
  test('in care it names every child with its state, and the deadlines in order', () => {
    const journey = read(at(15, 10));
    expect(journey?.superState).toBe('InCare');
    expect(journey?.children.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'consult Completed',
      'visit Completed',
      'labOrder Communicated',
      'prescription InDelivery',
      'delivery PickedUp',
    ]);
    const due = journey?.deadlines.map(({ dueAt }) => dueAt) ?? [];
    expect(due).toEqual(due.toSorted((a, b) => a - b));
    expect(journey?.charges).toMatchObject([{ code: '99421' }, { code: '99342', copay: { cents: 2_500, status: 'charged' } }]);
  });

  test('in follow-up it names the window and its questions', () => {
    const journey = read(at(10, 30, 9));
    expect(journey).toMatchObject({
      superState: 'FollowUp',
      followUp: {
        openedAt: at(9, 28),
        until: at(9, 28, 20),
        closed: false,
        questions: [{ status: 'open' }],
        checkIns: [{ n: 1, status: 'answered' }],
      },
    });
  });

  test('at the end it is closed, with its outcome and its survey', () => {
    expect(read(at(12, 0, 21))).toMatchObject({
      superState: 'Closed',
      outcome: 'Resolved',
      revision: events.length,
      waitingOn: [],
      survey: { status: 'answered' },
    });
  });
});

test('what was recorded late is known from then on only', () => {
  const late = events.map((event) => (event.type === 'ConsultClaimed' ? { ...event, recordedAt: event.recordedAt + hour } : event));
  const known = (knownAt: number) => readJourney(late, { asOf: at(9, 20), knownAt, now: at(9, 20) })?.owner;
  expect(known(at(9, 20))).toEqual({ role: 'K' });
  expect(known(at(10, 20))).toEqual({ role: 'C', id: 'clinician-1' });
});

test('a refused start says so', () => {
  const story = new Story(at(9), { start: { onRoster: false } });
  story.give('X', 'StartJourney', { ...startData });
  const [refused] = story.happened;
  const stored = refused ? [{ ...refused, ...envelope, recordedAt: at(9), causationId: '', version: 1, position: 1 }] : [];
  expect(readJourney(stored, { now: at(9) })).toMatchObject({ superState: 'Closed', outcome: 'Refused', owner: null });
});

const startData = {
  patientId: 'patient-1',
  employerId: 'employer-1',
  entryPoint: 'app',
  templateId: 'sore-throat',
  modality: 'async',
  zone,
};

describe('a replay', () => {
  const transitions = transitionsOf(events);

  test('shows each event with who, why, and where it led', () => {
    expect(transitions).toHaveLength(events.length);
    expect(transitions[0]).toMatchObject({
      revision: 1,
      type: 'JourneyRequested',
      occurredAt: at(9),
      actor: { role: 'X', id: 'parent-1' },
      command: 'StartJourney',
      superState: 'Requested',
    });
    expect(transitions[0]).not.toHaveProperty('deadline');
    expect(transitions[1]?.deadline).toEqual({ name: 'intake.abandon', entityId: 'intake', dueAt: at(9, 0, 7) });
  });

  test('passes through the states of the domain reference in order', () => {
    const states = transitions.map(({ superState }) => superState);
    const passed = states.filter((state, i) => state !== states[i - 1]);
    expect(passed[0]).toBe('Requested');
    expect(passed.slice(0, 5)).toEqual(['Requested', 'Screening', 'Queued', 'InTriage', expect.stringMatching(/Planned|InCare/)]);
    expect(passed.at(-1)).toBe('Closed');
  });

  test('says which deadline was running when it was reached', () => {
    const closed = transitions.find(({ type }) => type === 'FollowUpWindowClosed');
    expect(closed).toMatchObject({ command: 'ElapseDeadline', deadline: { name: 'followup.end', dueAt: at(9, 28, 20) } });
  });
});

describe('what a patient may see', () => {
  const event = (type: string, commandType = 'Any', data = {}) => ({ type, commandType, data });

  test.each([
    'DuressSignalled',
    'UnsafeConditionReported',
    'LoneWorkerTimerStarted',
    'LoneWorkerCheckMissed',
    'EscalationRaised',
    'EscalationAcknowledged',
    'HomeSafetyFlagPlaced',
    'IncidentOpened',
  ])('never %s', (type) => {
    expect(patientMaySee(event(type))).toBe(false);
    expect(seenBy('X')(events.find((stored) => stored.type === type) ?? event(type))).toBe(false);
    expect(seenBy('S')(event(type))).toBe(true);
  });

  test.each(['VisitorAssignmentRefused', 'VisitorDepartureRefused'])('nor that a flag on the home was the reason (%s)', (type) => {
    expect(patientMaySee(event(type, 'AssignVisitor', { reason: 'safety-flag' }))).toBe(false);
    expect(patientMaySee(event(type, 'AssignVisitor', { reason: 'skill-missing' }))).toBe(true);
  });

  test('nor anything else that duress led to', () => {
    expect(patientMaySee(event('TaskOpened', 'SignalDuress'))).toBe(false);
    expect(patientMaySee(event('SlaBreached', 'ElapseDeadline', { clock: 'loneworker.rung' }))).toBe(false);
  });

  test('but all the rest of J-1', () => {
    const hidden = events.filter((stored) => !patientMaySee(stored)).map(({ type }) => type);
    expect([...new Set(hidden)]).toEqual(['LoneWorkerTimerStarted', 'LoneWorkerTimerStopped']);
    const journey = readJourney(events, { asOf: at(14), now: at(14), sees: patientMaySee });
    expect(journey?.deadlines.some(({ name }) => name.startsWith('loneworker'))).toBe(false);
    expect(readJourney(events, { asOf: at(14), now: at(14) })?.deadlines.some(({ name }) => name === 'loneworker')).toBe(true);
  });
});

test('the journeys that wait for something are found, and found again as they go on', async () => {
  const store = memoryEventStore();
  const waiting = waitingJourneys(store);
  await expect(waiting()).resolves.toEqual([]);
  await store.append(envelope.stream, events.slice(0, 10), 'none');
  await store.append('employer-1', [{ ...events[0], ...envelope, id: randomUUID() } as StoredEvent], 'none');
  await expect(Promise.all([waiting(), waiting()])).resolves.toEqual([['j1'], ['j1']]);
  await store.append(envelope.stream, events.slice(10), 'exists');
  // Its notices were never sent.
  await expect(waiting()).resolves.toEqual(['j1']);
});
