import { day, hour, minute } from '../../domain/kernel/time.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import type { CommandMessage, Step } from '../../workflows/messages.ts';
import { firstDay } from '../journeys/sample-facts.ts';
import { type Executor, executor, handClock, journeyId, message, openTask, startMessage, stored } from './execute-setting.ts';

async function started(...tasks: readonly (readonly [id: string, kind: string])[]) {
  const store = memoryEventStore();
  const clock = handClock();
  const parts = executor({ store, clock });
  await parts.execute(journeyId, startMessage, []);
  for (const [id, kind] of tasks) await parts.execute(journeyId, openTask(id, kind), []);
  return { store, clock, ...parts };
}

/** Gives each command that a Step names, as a run does, until it names none that is due. */
async function obey({ open, execute }: Executor): Promise<{ readonly given: readonly CommandMessage[]; readonly step: Step }> {
  const given: CommandMessage[] = [];
  let step = await open(journeyId, []);
  while (step.next?.command && step.next.wakeAt <= Date.now()) {
    given.push(step.next.command);
    step = await execute(journeyId, step.next.command, step.setAside);
  }
  return { given, step };
}

describe('On a frozen clock', () => {
  test('nothing wakes a run before a deadline is due, and one that is due wakes it at once', async () => {
    const { clock, open } = await started(['t1', 'patientCall']);
    expect((await open(journeyId, [])).next).toBeUndefined();
    clock.at = firstDay + hour - 1;
    expect((await open(journeyId, [])).next).toBeUndefined();
    clock.at += 1;
    expect((await open(journeyId, [])).next).toEqual({
      wakeAt: 0,
      command: {
        id: `deadline:task.due:t1:${firstDay + hour}`,
        type: 'ElapseDeadline',
        data: { name: 'task.due', entityId: 't1', dueAt: firstDay + hour },
        actor: { kind: 'system', id: 'caretrail', role: 'T' },
        source: 'timer',
        occurredAt: firstDay + hour,
      },
    });
  });

  test('an effect with a time is listed when its time has come, and wakes nobody before', async () => {
    const { clock, open, execute } = await failedCheck();
    const waiting = await open(journeyId, []);
    expect({ effects: waiting.effects, next: waiting.next, done: waiting.done }).toEqual({ effects: [], next: undefined, done: false });
    expect(waiting.details).toContain('- check-eligibility of ');
    clock.at += minute;
    expect((await open(journeyId, [])).effects).toMatchObject([{ kind: 'check-eligibility', attempt: 2 }]);
    expect((await execute(journeyId, openTask('t1'), [])).effects).toMatchObject([{ kind: 'check-eligibility', attempt: 2 }]);
  });
});

/** The first question about coverage could not be asked; it is to be repeated a minute later. */
async function failedCheck() {
  const parts = await started();
  const give = (id: string, role: 'X' | 'T' | 'A', type: string, data: object, who?: string) =>
    parts.execute(journeyId, message(id, role, type, data, who ? { who } : {}), []);
  await give('identity', 'X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'r1' });
  await give('proxy', 'T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' });
  const { effects } = await give('place', 'X', 'AttestLocation', { state: 'WA', areaKey: '98101', addressRef: 'r2' });
  expect(effects).toMatchObject([{ kind: 'check-eligibility', attempt: 1 }]);
  await give('failed', 'A', 'RecordEligibility', { checkId: effects[0]?.entityId, attempt: 1, outcome: 'failed' }, 'eligibility');
  return parts;
}

describe('On a clock that runs', () => {
  test('the earliest deadline wakes a run at its real instant', async () => {
    const { clock, open } = await started(['late', 'rerefer'], ['soon', 'patientCall'], ['middle', 'publicHealth']);
    clock.scale = 60;
    const expected = (await clock.realTimeOf(firstDay + hour)) ?? 0;
    expect((await open(journeyId, [])).next).toMatchObject({ wakeAt: expected, command: { data: { entityId: 'soon' } } });
  });

  test('one that is further away than a year is read again on the way, and not given', async () => {
    const { clock, open } = await started(['late', 'rerefer']);
    clock.scale = 0.000_001;
    const { next } = await open(journeyId, []);
    expect(next).toEqual({ wakeAt: expect.any(Number) });
    expect(Math.round(((next?.wakeAt ?? 0) - Date.now()) / day)).toBe(365);
  });

  test('an effect whose time comes first wakes it without a command, and a deadline before it with one', async () => {
    const { clock, open, execute } = await failedCheck();
    clock.scale = 60;
    const effectAt = (await clock.realTimeOf(firstDay + minute)) ?? 0;
    expect((await open(journeyId, [])).next).toEqual({ wakeAt: effectAt });
    await execute(journeyId, { ...openTask('t1', 'urgentCall'), occurredAt: firstDay - 270_000 }, []);
    expect((await open(journeyId, [])).next).toMatchObject({ command: { data: { entityId: 't1', dueAt: firstDay + 30_000 } } });
  });
});

describe('A deadline', () => {
  test('that is given late acts as of its own instant', async () => {
    const { store, clock, ...parts } = await started(['t1', 'patientCall']);
    clock.at = firstDay + 5 * hour;
    const { given } = await obey(parts);
    expect(given.map(({ data }) => data)).toMatchObject([{ name: 'task.due' }, { name: 'escalation.ack' }]);
    const event = (await stored(store)).find(({ type }) => type === 'SlaBreached');
    expect(event).toMatchObject({ type: 'SlaBreached', occurredAt: firstDay + hour, recordedAt: firstDay + 5 * hour, source: 'timer' });
    expect(event?.commandId).toBe(`deadline:task.due:t1:${firstDay + hour}`);
  });

  test('among several that are due fires in the order of their instants', async () => {
    const { store, clock, ...parts } = await started(['c', 'rerefer'], ['a', 'patientCall'], ['b', 'publicHealth']);
    clock.at = firstDay + 2 * day;
    await obey(parts);
    const fired = (await stored(store)).slice(4);
    expect(fired.map(({ type, occurredAt }) => [type, (occurredAt - firstDay) / minute])).toEqual([
      ['SlaBreached', 60],
      ['EscalationRaised', 60],
      ['EscalationRaised', 70],
      ['SlaBreached', 4 * 60],
      ['EscalationRaised', 4 * 60],
      ['EscalationRaised', 4 * 60 + 10],
      ['TaskCancelled', 24 * 60],
      ['TaskCancelled', 24 * 60],
      ['TaskCancelled', 24 * 60],
      ['JourneyAbandoned', 24 * 60],
      ['JourneyClosed', 24 * 60],
    ]);
  });

  test('that is given before it is due leaves nothing, and is given again when its time has come', async () => {
    const { store, clock, open, execute } = await started(['t1', 'patientCall']);
    clock.at = firstDay + hour;
    const command = (await open(journeyId, [])).next?.command;
    if (!command) throw new Error('a deadline is due');
    clock.at -= 1;
    const early = await execute(journeyId, command, []);
    expect(early).toMatchObject({ answer: { accepted: false, code: 'occurred-in-future', events: [] }, setAside: [] });
    expect(await stored(store)).toHaveLength(2);
    clock.at += 1;
    expect((await execute(journeyId, command, [])).answer).toMatchObject({
      accepted: true,
      events: [{ type: 'SlaBreached' }, { type: 'EscalationRaised' }],
    });
  });

  test('that a slow clock meets a moment too early is not set aside', async () => {
    const { clock, store, open } = await started(['t1', 'patientCall']);
    clock.at = firstDay + hour;
    const command = (await open(journeyId, [])).next?.command;
    if (!command) throw new Error('a deadline is due');
    let reads = 0;
    const turning = { ...clock, now: async () => firstDay + hour - (reads++ === 0 ? 1 : 0) };
    const step = await executor({ store, clock: turning }).execute(journeyId, command, []);
    expect(step.setAside).toEqual([]);
    expect(step.next).toEqual({ wakeAt: 0, command });
  });

  test('that no longer stands leaves nothing and names what comes next', async () => {
    const { store, clock, open, execute } = await started(['t1', 'patientCall']);
    clock.at = firstDay + hour;
    const command = (await open(journeyId, [])).next?.command;
    if (!command) throw new Error('a deadline is due');
    await execute(journeyId, message('done', 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' }), []);
    const step = await execute(journeyId, command, []);
    expect(step).toMatchObject({ answer: { accepted: true, revision: 3, events: [] }, setAside: [] });
    expect(step.next).toBeUndefined();
    expect(await stored(store)).toHaveLength(3);
  });
});

describe('A journey', () => {
  test('is done when nothing is outstanding, and not before', async () => {
    const { clock, open, execute, ...parts } = await started();
    expect((await open(journeyId, [])).done).toBe(false);
    clock.at = firstDay + day;
    const { step } = await obey({ open, execute, ...parts });
    expect(step).toMatchObject({ done: true, effects: [], stage: 'Closed' });
    expect(step.next).toBeUndefined();
    expect(step.details).not.toMatch(/Waits for|Calls/);
    const late = await execute(journeyId, openTask('t1'), []);
    expect(late).toMatchObject({ done: false, stage: 'Closed' });
  });

  test('with nothing but an effect is not done', async () => {
    const { clock, open, execute, ...parts } = await started(['t1', 'urgentCall']);
    await execute(journeyId, message('flag', 'C', 'RaiseRedFlag', { ruleId: 'msg-chest', source: 'message' }), []);
    clock.at = firstDay + 2 * day;
    const { step } = await obey({ open, execute, ...parts });
    expect(step).toMatchObject({ done: false, stage: 'Closed', effects: [{ kind: 'send-notice' }] });
    expect(step.next).toBeUndefined();
  });
});
