import * as journeys from '../../domain/journey/index.ts';
import { day, hour, minute } from '../../domain/kernel/time.ts';
import { soreThroat } from '../../domain/templates/sore-throat.ts';
import { type SlaSet, TaskKind } from '../../domain/templates/template.ts';
import { closed, consulted, consultId, inConsult, standing, turn } from './follow-up-setting.ts';
import type { Story } from './story.ts';
import { dataOf, happens } from './visit-setting.ts';

const taskId = 't1';
const opened = (kind: TaskKind = 'patientCall'): Story => {
  const story = consulted();
  story.give('K', 'OpenTask', { taskId, kind });
  return story;
};
const ann = { who: 'ann' };
const bob = { who: 'bob' };
const task = ({ journey }: Story) => journey.work.tasks[taskId];
const dueTasks = (story: Story): readonly string[] =>
  story.deadlines().filter((text) => /^(task.due|redflag.call|ed.followup)@/.test(text));
/** Kinds whose clock has a row of its own. */
const clockOf: Partial<Record<TaskKind, string>> = { urgentCall: 'redflag.call', postEdFollowUp: 'ed.followup' };

describe('A task', () => {
  test.each(TaskKind.options)('of kind %s has the owner role and the due time of the SLA set', (kind) => {
    const story = consulted();
    const told = story.give('K', 'OpenTask', { taskId, kind, cites: ['o1'] });
    expect(told.events).toEqual(['TaskOpened']);
    const { ownerRole, dueIn } = soreThroat.slaSet.tasks[kind];
    expect(dataOf(told, 'TaskOpened')).toEqual({
      taskId,
      kind,
      ownerRole,
      dueAt: story.now + dueIn,
      cites: ['o1'],
      outlivesClosure: ['postEdFollowUp', 'urgentCall', 'ruleReview'].includes(kind),
    });
    expect(dueTasks(story)).toEqual([standing(clockOf[kind] ?? 'task.due', story.now + dueIn)]);
  });

  test("is coordination's, due in an hour, in a journey that started before there was its kind", () => {
    const story = consulted({ slaSet: { tasks: {} as SlaSet['tasks'] } });
    const told = story.give('K', 'OpenTask', { taskId, kind: 'referralReview' });
    expect(dataOf(told, 'TaskOpened')).toMatchObject({ ownerRole: 'K', dueAt: story.now + hour });
  });

  test('is opened once under its id', () => {
    expect(opened().give('K', 'OpenTask', { taskId, kind: 'callback' })).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
  });

  test('that nobody has opened is unknown to every command', () => {
    const given = [
      ['ClaimTask', {}],
      ['ReleaseTask', {}],
      ['ReassignTask', { owner: 'bob', reason: 'shift-over' }],
      ['SnoozeTask', { until: 0 }],
      ['CompleteTask', { resultCode: 'done' }],
      ['CancelTask', { reason: 'in-error' }],
    ] as const;
    for (const [command, data] of given) expect(consulted().give('K', command, { taskId, ...data }).refusal).toBe('entity-unknown');
  });

  test('has ended once it was completed or cancelled: no command is taken any more', () => {
    for (const [end, data] of [
      ['CompleteTask', { resultCode: 'done' }],
      ['CancelTask', { reason: 'in-error' }],
    ] as const) {
      const story = opened();
      expect(story.give('K', end, { taskId, ...data }).refusal).toBeUndefined();
      for (const [command, more] of [
        ['ClaimTask', {}],
        ['ReleaseTask', {}],
        ['ReassignTask', { owner: 'bob', reason: 'shift-over' }],
        ['SnoozeTask', { until: 0 }],
        ['CompleteTask', { resultCode: 'done' }],
        ['CancelTask', { reason: 'in-error' }],
      ] as const)
        expect(story.give('K', command, { taskId, ...more })).toMatchObject({ events: [], refusal: 'not-allowed-in-state' });
    }
  });

  test('is for staff and visitors, not for patients', () => {
    expect(opened().give('X', 'ClaimTask', { taskId }).refusal).toBe('not-your-role');
    expect(opened().give('V', 'ClaimTask', { taskId }).events).toEqual(['TaskClaimed']);
  });
});

describe('A claim', () => {
  test('has one winner; the winner’s repeat adds nothing, the loser is told', () => {
    const story = opened();
    const won = story.give('K', 'ClaimTask', { taskId }, ann);
    expect(won.events).toEqual(['TaskClaimed']);
    expect(dataOf(won, 'TaskClaimed')).toEqual({ taskId, ownerId: 'ann' });
    expect(story.give('K', 'ClaimTask', { taskId }, ann)).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('K', 'ClaimTask', { taskId }, bob)).toMatchObject({ events: [], refusal: 'already-claimed' });
    expect(task(story)?.ownerId).toBe('ann');
    expect(journeys.plan(story.journey).owner).toEqual({ role: 'K', id: 'ann' });
  });

  test('is released by its owner alone, and then another may have it', () => {
    const story = opened();
    expect(story.give('K', 'ReleaseTask', { taskId }, ann).refusal).toBe('not-allowed-in-state');
    story.give('K', 'ClaimTask', { taskId }, ann);
    expect(story.give('K', 'ReleaseTask', { taskId }, bob).refusal).toBe('not-allowed-in-state');
    const told = story.give('K', 'ReleaseTask', { taskId }, ann);
    expect(told.events).toEqual(['TaskReleased']);
    expect(dataOf(told, 'TaskReleased')).toEqual({ taskId, ownerId: 'ann' });
    expect(task(story)).not.toHaveProperty('ownerId');
    expect(story.give('K', 'ClaimTask', { taskId }, bob).events).toEqual(['TaskClaimed']);
  });

  test('is taken over with a reason that names the owner before', () => {
    const story = opened();
    const first = story.give('K', 'ReassignTask', { taskId, owner: 'ann', reason: 'nobody-took-it' });
    expect(dataOf(first, 'TaskReassigned')).toEqual({ taskId, ownerId: 'ann', reason: 'nobody-took-it' });
    const second = story.give('K', 'ReassignTask', { taskId, owner: 'bob', reason: 'shift-over' });
    expect(second.events).toEqual(['TaskReassigned']);
    expect(dataOf(second, 'TaskReassigned')).toEqual({ taskId, ownerId: 'bob', from: 'ann', reason: 'shift-over' });
    expect(story.give('K', 'ClaimTask', { taskId }, ann).refusal).toBe('already-claimed');
    expect(story.give('K', 'ClaimTask', { taskId }, bob).events).toEqual([]);
  });
});

describe('The due time of a task', () => {
  test('never moves: not by snoozing, not by changing hands', () => {
    const story = opened();
    const due = dueTasks(story);
    const told = story.give('K', 'SnoozeTask', { taskId, until: story.now + 3 * day }, ann);
    expect(told.events).toEqual(['TaskSnoozed']);
    expect(dataOf(told, 'TaskSnoozed')).toEqual({ taskId, until: story.now + 3 * day, ownerId: 'ann' });
    story.now += 10 * minute;
    story.give('K', 'ClaimTask', { taskId }, ann);
    story.give('K', 'ReassignTask', { taskId, owner: 'bob', reason: 'shift-over' });
    expect(dueTasks(story)).toEqual(due);
  });

  test('is a breach once, and the task can still be done', () => {
    const story = opened();
    const dueAt = story.now + hour;
    const told = story.elapse('task.due');
    expect(told.events).toEqual(['SlaBreached', 'EscalationRaised']);
    expect(dataOf(told, 'SlaBreached')).toEqual({ clock: 'task.due', entityId: taskId, dueAt });
    expect(dueTasks(story)).toEqual([]);
    expect(story.give('T', 'ElapseDeadline', { name: 'task.due', entityId: taskId, dueAt }).events).toEqual([]);
    expect(story.give('K', 'CompleteTask', { taskId, resultCode: 'reached' }).events).toEqual(['TaskCompleted']);
  });

  test.each(['CompleteTask', 'CancelTask'])('stands no more after %s', (command) => {
    const story = opened();
    story.give('K', command, { taskId, ...(command === 'CompleteTask' ? { resultCode: 'reached' } : { reason: 'in-error' }) });
    expect(dueTasks(story)).toEqual([]);
    expect(task(story)?.status).toBe(command === 'CompleteTask' ? 'completed' : 'cancelled');
  });
});

describe('The end of a task', () => {
  test('carries its result or its reason', () => {
    expect(dataOf(opened().give('K', 'CompleteTask', { taskId, resultCode: 'reached' }), 'TaskCompleted')).toEqual({
      taskId,
      resultCode: 'reached',
    });
    expect(dataOf(opened().give('K', 'CancelTask', { taskId, reason: 'in-error' }), 'TaskCancelled')).toEqual({
      taskId,
      resultCode: 'in-error',
    });
  });

  test('an open task keeps a journey from closing, one that outlives the closure does not', () => {
    const waiting = opened();
    expect(waiting.elapse('followup.end').events).toEqual(['FollowUpWindowClosed', 'ClosureRequested', 'SurveyOffered']);
    expect(waiting.give('K', 'CompleteTask', { taskId, resultCode: 'reached' }).events).toEqual(['TaskCompleted', 'JourneyClosed']);
    expect(opened('postEdFollowUp').elapse('followup.end').events).toContain('JourneyClosed');
  });

  /** A patient does not answer in the consult for 72 hours, so that somebody looks at it. */
  const reviewed = (): Story => {
    const story = inConsult();
    turn(story, 'clinicianAsks', 2);
    expect(story.elapse('patient.reply').events).toEqual(['TaskOpened']);
    return story;
  };

  test('a safety review may let the consult expire', () => {
    const story = reviewed();
    const review = { taskId: story.entityOf('TaskOpened'), resultCode: 'expire' };
    const told = story.give('C', 'CompleteTask', review);
    expect(told.events).toEqual(['TaskCompleted', 'ConsultExpired']);
    expect(dataOf(told, 'ConsultExpired')).toEqual({ consultId, reason: 'safetyReview' });
    expect(story.journey.consult.byId[consultId]?.status).toBe('Expired');
  });

  test('a safety review with another result, and another task with that result, let nothing expire', () => {
    const story = reviewed();
    expect(story.give('C', 'CompleteTask', { taskId: story.entityOf('TaskOpened'), resultCode: 'callAgain' }).events).toEqual([
      'TaskCompleted',
    ]);
    expect(opened('riskReview').give('C', 'CompleteTask', { taskId, resultCode: 'expire' }).events).toEqual(['TaskCompleted']);
  });

  test('a safety review that ends after the consult was completed leaves it completed', () => {
    const story = reviewed();
    turn(story, 'patient', 3);
    story.give('C', 'CompleteConsult', { consultId, plannedOutcome: 'Resolved', summaryRef: 's1' });
    const told = story.give('C', 'CompleteTask', { taskId: story.entityOf('TaskOpened'), resultCode: 'expire' });
    expect(told.events).toEqual(['TaskCompleted']);
    expect(story.journey.consult.byId[consultId]?.status).toBe('Completed');
  });

  test('a safety review that cites no consult lets none expire', () => {
    const story = inConsult();
    story.give('C', 'OpenTask', { taskId, kind: 'safetyReview', cites: ['o1'] });
    expect(story.give('C', 'CompleteTask', { taskId, resultCode: 'expire' }).events).toEqual(['TaskCompleted']);
  });
});

test('contacts are counted over the whole journey, also after it closed', () => {
  const story = closed();
  const contact = { purpose: 'callback', to: 'patient', channel: 'phone', outcome: 'not-reached' };
  const numbers = [1, 2, 3].map(() => dataOf(story.give('C', 'RecordContactAttempt', contact), 'ContactAttempted'));
  expect(numbers).toEqual([1, 2, 3].map((n) => ({ ...contact, n, by: 'clinician-1' })));
});

test('an event of a task that was never opened changes nothing', () => {
  const story = consulted();
  const before = story.journey.work;
  happens(
    story,
    { type: 'TaskClaimed', data: { taskId: 'unknown', ownerId: 'ann' } },
    { type: 'TaskReleased', data: { taskId: 'unknown', ownerId: 'ann' } },
    { type: 'TaskCompleted', data: { taskId: 'unknown', resultCode: 'done' } },
  );
  expect(story.journey.work).toEqual(before);
});
