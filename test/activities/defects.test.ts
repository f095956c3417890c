import { randomUUID } from 'node:crypto';
import { hour, minute } from '../../domain/kernel/time.ts';
import type { EventStore, NewEvent } from '../../store/event-store.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import type { CommandMessage, SetAside } from '../../workflows/messages.ts';
import { firstDay, sampleFacts } from '../journeys/sample-facts.ts';
import { executor, handClock, journeyId, type Knowing, message, openTask, startMessage, stored } from './execute-setting.ts';

interface Defect {
  readonly journeyId: string;
  readonly commandId: string;
  readonly error: unknown;
}

/** A journey with two tasks, in a world in which some commands lack what their rule reads. */
async function started(know: Knowing = () => ({})) {
  const store = memoryEventStore();
  const clock = handClock();
  const defects: Defect[] = [];
  const parts = executor({ store, clock, know, report: (defect) => void defects.push(defect) });
  await parts.execute(journeyId, startMessage, []);
  await parts.execute(journeyId, openTask('t1', 'patientCall'), []);
  await parts.execute(journeyId, openTask('t2', 'publicHealth'), []);
  return { store, clock, defects, ...parts };
}

/** The pathway is missing: the standing rules cannot be asked. */
const without = (entityId: string): Knowing => {
  const { pathway: _missing, ...rest } = sampleFacts;
  return ({ command: { data } }) =>
    (data as { readonly entityId?: string }).entityId === entityId ? ({ ...rest, pathway: undefined } as object) : {};
};

const failing: Knowing = ({ command: { type } }) => (type === 'SnoozeTask' ? ({ pathway: undefined } as object) : {});
const snooze = message('snooze', 'K', 'SnoozeTask', { taskId: 't1', until: firstDay });

describe('A rule that throws', () => {
  test('is answered as a defect of ours: nothing of the command is stored, somebody is told, and later commands work', async () => {
    const { defects, execute } = await started(failing);
    const { answer, effects } = await execute(journeyId, snooze, []);
    expect(answer).toMatchObject({ accepted: false, code: 'internal-error', revision: 4, events: [] });
    expect(effects).toEqual([]);
    expect(defects).toEqual([{ journeyId, commandId: 'snooze', error: expect.any(TypeError) }]);
    const claim = message('claim', 'K', 'ClaimTask', { taskId: 't1' });
    expect((await execute(journeyId, claim, [])).answer).toMatchObject({ accepted: true, revision: 5 });
  });

  test('marks the journey with an incident, once however often its command comes', async () => {
    const { store, execute } = await started(failing);
    await execute(journeyId, snooze, []);
    await execute(journeyId, snooze, []);
    const events = (await stored(store)).slice(3);
    expect(events).toMatchObject([
      {
        type: 'IncidentOpened',
        commandId: 'defect:snooze',
        commandType: 'OpenIncident',
        causationId: 'snooze',
        actor: { role: 'T' },
        data: { category: 'internalError', entityId: journeyId },
      },
    ]);
  });

  test('and was mended decides the same command', async () => {
    const { store, clock, execute } = await started(failing);
    await execute(journeyId, snooze, []);
    expect((await executor({ store, clock }).execute(journeyId, snooze, [])).answer).toMatchObject({ accepted: true, revision: 5 });
  });

  test('for every command leaves no mark, and the worker goes on', async () => {
    const { store, defects, execute } = await started(({ command: { type } }) =>
      ['SnoozeTask', 'OpenIncident'].includes(type) ? ({ pathway: undefined } as object) : {},
    );
    const { answer } = await execute(journeyId, snooze, []);
    expect(answer).toMatchObject({ accepted: false, code: 'internal-error', revision: 3 });
    expect(defects.map(({ commandId }) => commandId)).toEqual(['snooze', 'defect:snooze']);
    expect(await stored(store)).toHaveLength(3);
    expect((await execute(journeyId, openTask('t3'), [])).answer).toMatchObject({ accepted: true, revision: 4 });
  });

  test('about what to claim is a defect too', async () => {
    const { store, defects, execute } = await started(({ command: { type } }) =>
      type === 'HoldSlot' ? ({ slot: { placeMatches: true } } as object) : {},
    );
    await visitRequested(store);
    const { answer } = await execute(journeyId, message('hold', 'X', 'HoldSlot', { visitId: 'v1', slotId: 'sea_2026-10-06_1300' }), []);
    expect(answer).toMatchObject({ accepted: false, code: 'internal-error', events: [] });
    expect(defects).toMatchObject([{ commandId: 'hold' }]);
  });

  test('after the events of a command, about what they lead to, keeps them from being stored', async () => {
    const { store, defects, execute } = await started(() => ({ start: { ...sampleFacts.start, template: brokenTemplate } }));
    const before = await stored(store);
    const { answer } = await execute('j2', startMessage, []);
    expect(answer).toMatchObject({ accepted: false, code: 'internal-error', revision: 0 });
    expect(defects.at(-1)).toMatchObject({ journeyId: 'j2', commandId: 'start' });
    expect(await stored(store)).toEqual(before);
    expect(await stored(store, 'j2')).toEqual([]);
  });
});

/** Its clocks are missing, so that a journey could start and nothing be planned for it. */
const { template } = sampleFacts.start;
const brokenTemplate = { ...template, slaSet: { ...template?.slaSet, clocks: undefined } } as unknown as NonNullable<typeof template>;

/** Puts a visit on the journey that waits for its slot. */
async function visitRequested(store: EventStore): Promise<void> {
  const [first] = await stored(store);
  const data = {
    visitId: 'v1',
    place: 'home',
    reasonCode: 'sore-throat',
    tasks: [],
    skills: [],
    plannedMin: 45,
    notBefore: firstDay,
    notAfter: firstDay + hour,
  };
  const basis = { areaId: 'a', version: 1, visitId: 'v1', place: 'home' };
  await appended(store, [
    { ...first, id: randomUUID(), type: 'VisitRequested', data, commandId: 'given' } as NewEvent,
    { ...first, id: randomUUID(), type: 'ServiceAreaConfirmed', data: basis, commandId: 'given' } as NewEvent,
    {
      ...first,
      id: randomUUID(),
      type: 'HomeSafetyScreened',
      data: { visitId: 'v1', formVersion: 1, flags: [] },
      commandId: 'given',
    } as NewEvent,
  ]);
}

const appended = (store: EventStore, events: readonly NewEvent[]) => store.append(`journey-${journeyId}`, events, 'any');

const pauses = (setAside: readonly SetAside[]) =>
  setAside.map(({ commandId, until, times }) => ({ commandId, minutes: Math.round((until - Date.now()) / minute), times }));
const idOf = (taskId: string, due: number): string => `deadline:task.due:${taskId}:${firstDay + due}`;

test('a journey that the rules can no longer plan for answers all the same, and its run looks again in a minute', async () => {
  const { store, open, execute, defects } = await started();
  const [first] = await stored(store);
  const broken = { ...first, id: randomUUID(), commandId: 'given', data: { ...first?.data, slaSet: { tasks: {} } } };
  await store.append('journey-j2', [broken as unknown as NewEvent], 'any');
  const step = await execute('j2', openTask('t1'), []);
  expect(step.answer).toMatchObject({ accepted: false, code: 'internal-error' });
  expect(defects.map(({ commandId }) => commandId)).toEqual(['open-t1', 'defect:open-t1']);
  expect(step).toMatchObject({ effects: [], done: false });
  expect(Math.round(((step.next?.wakeAt ?? 0) - Date.now()) / minute)).toBe(1);
  expect(await open('j2', [])).toMatchObject({ done: false });
});

describe('A deadline whose rule throws', () => {
  test('is set aside while the next deadline is named, and comes again after its pause', async () => {
    const { store, clock, open, execute } = await started(without('t1'));
    clock.at = firstDay + 4 * hour;
    const due = await open(journeyId, []);
    const step = await execute(journeyId, due.next?.command as CommandMessage, due.setAside);
    expect(step.answer).toMatchObject({ code: 'internal-error' });
    expect(pauses(step.setAside)).toEqual([{ commandId: idOf('t1', hour), minutes: 1, times: 1 }]);
    expect(step.next).toMatchObject({ wakeAt: 0, command: { id: idOf('t2', 4 * hour) } });
    const after = await execute(journeyId, step.next?.command as CommandMessage, step.setAside);
    expect(after.answer).toMatchObject({ accepted: true, events: [{ type: 'SlaBreached', entityId: 't2' }, { type: 'EscalationRaised' }] });
    expect(after.setAside).toEqual(step.setAside);
    expect(after.next).toEqual({ wakeAt: step.setAside[0]?.until });
    expect((await stored(store)).slice(3).map(({ type }) => type)).toEqual(['IncidentOpened', 'SlaBreached', 'EscalationRaised']);
    const over = step.setAside.map((entry) => ({ ...entry, until: Date.now() - 1 }));
    expect((await open(journeyId, over)).next).toMatchObject({ wakeAt: 0, command: { id: idOf('t1', hour) } });
    expect((await open(journeyId, step.setAside)).next).toEqual({ wakeAt: step.setAside[0]?.until });
  });

  test('waits a minute, then twice as long each time, and never longer than an hour', async () => {
    const { clock, open, execute } = await started(without('t1'));
    clock.at = firstDay + hour;
    const command = (await open(journeyId, [])).next?.command as CommandMessage;
    const waited: number[] = [];
    let setAside: readonly SetAside[] = [];
    for (let times = 1; times <= 8; times += 1) {
      ({ setAside } = await execute(journeyId, command, setAside));
      waited.push(...pauses(setAside).map(({ minutes }) => minutes));
    }
    expect(waited).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(setAside).toMatchObject([{ times: 8 }]);
  });

  test('is forgotten once it no longer stands', async () => {
    const { clock, open, execute } = await started(without('t1'));
    clock.at = firstDay + hour;
    const command = (await open(journeyId, [])).next?.command as CommandMessage;
    const { setAside } = await execute(journeyId, command, []);
    const done = message('done', 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' });
    const step = await execute(journeyId, done, setAside);
    expect(step.setAside).toEqual([]);
    expect(step.next).toBeUndefined();
  });
});

test('a deadline that cannot even be read still stands after it was given, and is set aside', async () => {
  const { store, clock, open, execute } = await started();
  const [, opened] = await stored(store);
  const odd = { ...opened, id: randomUUID(), data: { ...opened?.data, taskId: 'not/an/id', dueAt: firstDay + minute }, commandId: 'given' };
  await appended(store, [odd as unknown as NewEvent]);
  clock.at = firstDay + hour;
  const { next } = await open(journeyId, []);
  expect(next).toMatchObject({ command: { data: { entityId: 'not/an/id' } } });
  const step = await execute(journeyId, next?.command as CommandMessage, []);
  expect(step.answer).toMatchObject({ accepted: false, code: 'input-invalid' });
  expect(step.setAside).toMatchObject([{ times: 1 }]);
  expect(step.next).toMatchObject({ wakeAt: 0, command: { id: idOf('t1', hour) } });
});
