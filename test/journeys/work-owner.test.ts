import { ladderAbove } from '../../domain/journey/escalation.ts';
import * as journeys from '../../domain/journey/index.ts';
import { overlays, superState } from '../../domain/journey/super-state.ts';
import type { Role } from '../../domain/kernel/actor.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import { isSafety, reasonFor } from '../../projections/board-reason.ts';
import { completed, must, queued, started } from './consult-setting.ts';
import { closed, consulted, standing } from './follow-up-setting.ts';
import type { Story } from './story.ts';
import { at, dataOf, dueOf, happens } from './visit-setting.ts';

const owner = ({ journey }: Story) => journeys.plan(journey).owner;
const board = ({ journey, now }: Story) => reasonFor(journey, now);

describe('The owner of a journey', () => {
  const assign = (story: Story, id: string, role: Role = 'K') =>
    story.give('K', 'AssignJourneyOwner', { owner: { role, id }, reason: 'knows-the-family' });

  test('is who was assigned last, before whoever holds a consult or a task', () => {
    const story = started();
    expect(owner(story)).toEqual({ role: 'C', id: 'clinician-1' });
    expect(dataOf(assign(story, 'ann'), 'JourneyOwnerAssigned')).toEqual({ ownerRole: 'K', ownerId: 'ann', reason: 'knows-the-family' });
    expect(owner(story)).toEqual({ role: 'K', id: 'ann' });
    expect(dataOf(assign(story, 'bob', 'C'), 'JourneyOwnerAssigned')).toMatchObject({ ownerRole: 'C', ownerId: 'bob', from: 'ann' });
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'patientCall' });
    expect(owner(story)).toEqual({ role: 'C', id: 'bob' });
    expect(assign(story, 'bob', 'C')).toMatchObject({ events: [], refusal: undefined });
  });

  test('gives way to an emergency case', () => {
    const story = completed();
    assign(story, 'ann');
    happens(story, { type: 'EmergencyDeclared', data: { caseId: 'e1', trigger: 'chestPain', ownerRole: 'C', callDueAt: at('10:00') } });
    expect(owner(story)).toEqual({ role: 'C' });
  });

  test('of a closed journey is whoever has something left to do', () => {
    const story = consulted();
    assign(story, 'ann');
    must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'postEdFollowUp' });
    story.elapse('followup.end');
    expect(owner(story)).toEqual({ role: 'C' });
    must(story, 'C', 'CompleteTask', { taskId: 't1', resultCode: 'seen' });
    expect(owner(story)).toBeNull();
  });
});

describe('A hold', () => {
  const hold = (story: Story, until: number) => story.give('K', 'HoldJourney', { reason: 'patient-travels', until });

  test('lies over the state until it is released, and stops no clock', () => {
    const story = completed();
    const before = story.deadlines();
    const until = story.now + hour;
    const told = hold(story, until);
    expect(told.events).toEqual(['JourneyHeld']);
    expect(dataOf(told, 'JourneyHeld')).toEqual({ reason: 'patient-travels', until });
    expect([superState(story.journey), overlays(story.journey)]).toEqual(['FollowUp', ['OnHold']]);
    expect(story.deadlines()).toEqual([...before, standing('hold.end', until)]);
    const released = story.give('C', 'ReleaseJourneyHold', { reason: 'patient-is-back' });
    expect(dataOf(released, 'JourneyHoldReleased')).toEqual({ reason: 'patient-is-back', until });
    expect([overlays(story.journey), story.deadlines()]).toEqual([[], before]);
    expect(story.give('C', 'ReleaseJourneyHold', { reason: 'patient-is-back' }).refusal).toBe('not-allowed-in-state');
  });

  test('has an end that lies ahead, and ends there by itself', () => {
    const story = completed();
    expect(hold(story, story.now).refusal).toBe('until-in-the-past');
    hold(story, story.now + 1);
    expect(dataOf(story.elapse('hold.end'), 'JourneyHoldReleased')).toEqual({ reason: 'ended', until: story.now });
    expect(overlays(story.journey)).toEqual([]);
  });
});

test('a note is kept by reference, with who may read it', () => {
  const story = closed();
  const told = story.give('V', 'AddNote', { noteRef: 'ref-note', visibility: 'team' });
  expect(dataOf(told, 'NoteAdded')).toEqual({ noteId: story.entityOf('NoteAdded'), noteRef: 'ref-note', visibility: 'team' });
});

test('whoever loses a task to another is told so', () => {
  const story = consulted();
  must(story, 'K', 'OpenTask', { taskId: 't1', kind: 'callback' });
  must(story, 'K', 'ReassignTask', { taskId: 't1', owner: 'ann', reason: 'nobody-took-it' });
  expect(Object.values(story.journey.work.wanted).map(({ kind }) => kind)).not.toContain('taskTakenOver');
  must(story, 'K', 'ReassignTask', { taskId: 't1', owner: 'bob', reason: 'shift-over' });
  const [notice] = Object.values(story.journey.work.wanted).filter(({ kind }) => kind === 'taskTakenOver');
  expect(notice).toMatchObject({ recipientRole: 'C', channel: 'push' });
  expect(story.effects('send-notice').map(({ entityId }) => entityId)).toContain(notice?.noticeId);
});

describe('An escalation', () => {
  /** A task that is overdue. */
  const overdue = (kind = 'patientCall'): Story => {
    const story = consulted();
    must(story, 'K', 'OpenTask', { taskId: 't1', kind });
    story.elapse('task.due');
    return story;
  };
  const raised = (story: Story) => ({ escalationId: story.entityOf('EscalationRaised') });

  test.each([
    ['patientCall', 'coordination', 'K', 'O'],
    ['callback', 'onCall', 'C', 'M'],
    ['rebook', 'dispatch', 'D', 'S'],
    ['ruleReview', 'ruleOwner', 'W', 'M'],
    ['pharmacistDecision', 'coordination', 'K', 'O'],
  ])('of an overdue task of kind %s climbs the ladder %s from %s to %s', (kind, ladder, first, second) => {
    const story = overdue(kind);
    const bottom = { ladder, rung: 1, recipientRole: first, about: 't1' };
    expect(story.happened.findLast(({ type }) => type === 'EscalationRaised')?.data).toMatchObject(bottom);
    const at = story.now;
    const told = story.elapse('escalation.ack');
    expect(story.now).toBe(at + 10 * minute);
    expect(told.events).toEqual(['EscalationRaised']);
    expect(dataOf(told, 'EscalationRaised')).toMatchObject({ ...bottom, rung: 2, recipientRole: second });
  });

  test('that nobody answers on the last rung stays on the board', () => {
    const story = overdue();
    story.elapse('escalation.ack');
    expect(dueOf(story, 'escalation.ack')).toEqual([]);
    expect(board(story)).toMatchObject({ why: 'escalationOpen', waitingOn: { who: 'O' } });
  });

  test('of one task is not taken for that of another', () => {
    const story = overdue();
    must(story, 'K', 'OpenTask', { taskId: 't2', kind: 'patientCall' });
    story.elapse('escalation.ack');
    story.elapse('task.due');
    story.elapse('escalation.ack');
    expect(Object.values(story.journey.escalation).map(({ about, rung }) => [about, rung])).toEqual([
      ['t1', 1],
      ['t1', 2],
      ['t2', 1],
      ['t2', 2],
    ]);
    must(story, 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' });
    expect(board(story)).toMatchObject({ why: 'escalationOpen', waitingOn: { who: 'O' } });
  });

  test('about a task that has ended takes no rung from another', () => {
    const story = overdue();
    must(story, 'K', 'OpenTask', { taskId: 't2', kind: 'patientCall' });
    must(story, 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' });
    story.elapse('task.due');
    story.elapse('escalation.ack');
    expect(dueOf(story, 'escalation.ack')).toEqual([]);
  });

  test('ends when it is acknowledged, and a second word adds nothing', () => {
    const story = overdue();
    const told = story.give('K', 'AcknowledgeEscalation', raised(story));
    expect(dataOf(told, 'EscalationAcknowledged')).toEqual({ ...raised(story), by: 'coordinator-1' });
    expect(dueOf(story, 'escalation.ack')).toEqual([]);
    expect(story.give('K', 'AcknowledgeEscalation', raised(story))).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('K', 'AcknowledgeEscalation', { escalationId: 'e9' }).refusal).toBe('entity-unknown');
  });

  test('about a task ends with the task', () => {
    const story = overdue();
    must(story, 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' });
    expect(dueOf(story, 'escalation.ack')).toEqual([]);
  });

  test('of duress has a minute for each rung, and one that times its own rungs has no clock here', () => {
    const story = consulted();
    const data = { escalationId: 'e1', rung: 1, recipientRole: 'S', channel: 'call' } as const;
    happens(story, { type: 'EscalationRaised', data: { ...data, ladder: 'duress' } });
    expect(dueOf(story, 'escalation.ack')).toEqual([story.now + minute]);
    expect(dataOf(story.elapse('escalation.ack'), 'EscalationRaised')).toMatchObject({ ladder: 'duress', rung: 2, recipientRole: 'O' });
    const other = happens(consulted(), { type: 'EscalationRaised', data: { ...data, ladder: 'loneworker' } });
    expect(dueOf(other, 'escalation.ack')).toEqual([]);
  });

  test('stands on the board until somebody acknowledges it', () => {
    const story = overdue();
    must(story, 'K', 'OpenTask', { taskId: 't2', kind: 'callback' });
    expect(board(story)).toMatchObject({
      why: 'escalationOpen',
      waitingOn: { who: 'K' },
      unblocks: 'AcknowledgeEscalation',
      needsHuman: true,
    });
    must(story, 'K', 'AcknowledgeEscalation', raised(story));
    expect(board(story).why).toBe('taskOpen');
  });

  test.each([
    ['C', 'onCall'],
    ['M', 'onCall'],
    ['K', 'coordination'],
    ['B', 'coordination'],
    ['A', 'coordination'],
    ['D', 'dispatch'],
    ['V', 'dispatch'],
    ['S', 'dispatch'],
    ['W', 'ruleOwner'],
  ] as const)('above the role %s climbs the ladder %s', (role, ladder) => expect(ladderAbove(role)).toBe(ladder));
});

describe('An incident', () => {
  const found = { category: 'internalError', entityId: 'journey-1' };

  test('is opened by the system for a rule that failed, and marks the journey on the board until it is closed', () => {
    const story = closed();
    const told = story.give('T', 'OpenIncident', found);
    const opened = { ...found, incidentId: story.entityOf('IncidentOpened') };
    expect(dataOf(told, 'IncidentOpened')).toEqual(opened);
    expect(board(story)).toMatchObject({ why: 'incidentOpen', unblocks: 'CloseIncident', needsHuman: true });
    expect(isSafety(story.journey)).toBe(false);
    const { incidentId } = opened;
    const over = story.give('Y', 'CloseIncident', { incidentId, findingRef: 'ref-finding' });
    expect(dataOf(over, 'IncidentClosed')).toEqual({ ...opened, findingRef: 'ref-finding' });
    expect(board(story).why).toBe('closed');
    expect(story.give('Y', 'CloseIncident', { incidentId })).toMatchObject({ events: [], refusal: undefined });
  });

  test('that nobody opened cannot be closed', () => {
    expect(closed().give('K', 'CloseIncident', { incidentId: 'i1' }).refusal).toBe('entity-unknown');
  });
});

describe('A journey that nobody has in hand', () => {
  /** The consult was cancelled, and nothing is due before the month ends. */
  const adrift = (): Story => {
    const story = queued();
    happens(story, { type: 'ConsultCancelled', data: { consultId: story.entityOf('ConsultQueued') } });
    must(story, 'A', 'RecordEligibility', { checkId: story.entityOf('EligibilityCheckRequested'), outcome: 'confirmed' }, 'eligibility');
    return happens(
      story,
      { type: 'EligibilityCheckRequested', data: { checkId: 'check-2', purpose: 'monthly' } },
      {
        type: 'ProxyAccessEnded',
        data: { proxyId: 'parent-1', kind: 'parent', until: story.now },
      },
    );
  };

  test('is an incident after 15 minutes, once, until somebody has looked', () => {
    const story = adrift();
    expect(journeys.plan(story.journey).deadlines).toEqual([{ name: 'stuck', entityId: 'journey', dueAt: story.now + 15 * minute }]);
    const told = story.elapse('stuck');
    expect(told.events).toEqual(['SlaBreached', 'IncidentOpened']);
    expect(dataOf(told, 'IncidentOpened')).toMatchObject({ category: 'stuck', entityId: 'journey' });
    expect(story.deadlines()).toEqual([]);
    must(story, 'K', 'CloseIncident', { incidentId: story.entityOf('IncidentOpened') });
    expect(dueOf(story, 'stuck')).toEqual([story.now + 15 * minute]);
  });

  test('is not stuck once somebody owns it, or once anything else is due', () => {
    const owned = adrift();
    must(owned, 'K', 'AssignJourneyOwner', { owner: { role: 'K', id: 'ann' }, reason: 'takes-care' });
    expect(owned.deadlines()).toEqual([]);
    const held = adrift();
    must(held, 'K', 'HoldJourney', { reason: 'patient-travels', until: held.now + hour });
    expect(dueOf(held, 'stuck')).toEqual([]);
  });
});
