import { journeyStream } from '../../domain/kernel/stream.ts';
import { minute } from '../../domain/kernel/time.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import { start } from '../journeys/intake-setting.ts';
import { firstDay } from '../journeys/sample-facts.ts';
import { executor, handClock, journeyId, message, openTask, startMessage, stored } from './execute-setting.ts';

async function started() {
  const store = memoryEventStore();
  const clock = handClock();
  const parts = executor({ store, clock });
  await parts.execute(journeyId, startMessage, []);
  return { store, clock, ...parts };
}

describe('A command', () => {
  test('is recorded with its envelope and answered with what it left', async () => {
    const { store } = await started();
    const [event] = await stored(store);
    expect(event).toMatchObject({
      type: 'JourneyRequested',
      stream: 'journey-j1',
      version: 1,
      position: 1,
      schemaVersion: 1,
      entityId: journeyId,
      occurredAt: firstDay,
      recordedAt: firstDay,
      zone: start.zone,
      actor: { kind: 'person', id: 'parent-1', role: 'X' },
      commandId: 'start',
      commandType: 'StartJourney',
      causationId: 'start',
      correlationId: journeyId,
      workflowId: 'journey-j1',
      runId: 'run-1',
      templateVersion: 'sore-throat@3',
      source: 'api',
      tenant: 'employer-1',
      patient: 'patient-1',
    });
    expect(event?.data).toMatchObject({ basis: { facts: { 'employer-employer-1': 3 } } });
  });

  test('is about what its event names, and caused by what its message names', async () => {
    const { store, execute } = await started();
    const { answer } = await execute(journeyId, { ...openTask('t1'), causationId: 'owed-1' }, []);
    const [, event] = await stored(store);
    expect(event).toMatchObject({ entityId: 't1', causationId: 'owed-1' });
    expect(answer).toEqual({ accepted: true, revision: 2, position: 2, events: [{ id: event?.id, type: 'TaskOpened', entityId: 't1' }] });
  });

  test('whose start is refused is recorded under the employer and the patient that it named', async () => {
    const store = memoryEventStore();
    const { execute } = executor({ store, clock: handClock(), know: () => ({ start: { onRoster: false } }) });
    const { answer, done, next } = await execute(journeyId, startMessage, []);
    expect(answer).toMatchObject({ accepted: false, code: 'employer-unknown', revision: 1, events: [{ type: 'JourneyStartRefused' }] });
    expect({ done, next }).toEqual({ done: true, next: undefined });
    expect((await stored(store))[0]).toMatchObject({ tenant: 'employer-1', patient: 'patient-1', refusalCode: 'employer-unknown' });
  });

  test('says in its recorded time when it was decided and in its world time when it happened', async () => {
    const { store, clock, execute } = await started();
    clock.at += 10 * minute;
    await execute(journeyId, { ...openTask('t1'), occurredAt: firstDay + minute }, []);
    expect((await stored(store))[1]).toMatchObject({ occurredAt: firstDay + minute, recordedAt: firstDay + 10 * minute });
  });

  test('of the future is refused, of this very millisecond is not', async () => {
    const { store, execute } = await started();
    const early = await execute(journeyId, { ...openTask('t1'), occurredAt: firstDay + 1 }, []);
    expect(early.answer).toMatchObject({ accepted: false, code: 'occurred-in-future', revision: 1, events: [] });
    const now = await execute(journeyId, { ...openTask('t1'), occurredAt: firstDay }, []);
    expect(now.answer.accepted).toBe(true);
    expect(await stored(store)).toHaveLength(2);
  });

  test.each([
    ['that nobody declared', message('x', 'K', 'MakeCoffee', {}), 'command-unknown'],
    ['named like something that every object has', message('x', 'K', 'constructor', {}), 'command-unknown'],
    ['without its data', message('x', 'K', 'OpenTask', {}), 'input-invalid'],
    ['with a field too many', message('x', 'K', 'ClaimTask', { taskId: 't1', more: 1 }), 'input-invalid'],
    ['of another role', message('x', 'X', 'ClaimTask', { taskId: 't1' }), 'not-your-role'],
  ])('%s changes nothing', async (_what, given, code) => {
    const { store, execute } = await started();
    expect((await execute(journeyId, given, [])).answer).toMatchObject({ accepted: false, code, revision: 1, events: [] });
    expect(await stored(store)).toHaveLength(1);
  });

  test('for another version than the present one is stale; for the present one it is taken', async () => {
    const { execute } = await started();
    await execute(journeyId, openTask('t1'), []);
    for (const expectedRevision of [1, 3]) {
      const { answer } = await execute(journeyId, { ...openTask('t2'), expectedRevision }, []);
      expect(answer).toMatchObject({ accepted: false, code: 'stale-version', revision: 2 });
    }
    expect((await execute(journeyId, { ...openTask('t2'), expectedRevision: 2 }, [])).answer).toMatchObject({
      accepted: true,
      revision: 3,
    });
  });
});

describe('A repeated command', () => {
  test('brings the recorded answer, whatever has happened since, and adds nothing', async () => {
    const { store, clock, execute } = await started();
    const first = await execute(journeyId, { ...openTask('t1'), expectedRevision: 1 }, []);
    clock.at += minute;
    await execute(journeyId, message('done', 'K', 'CompleteTask', { taskId: 't1', resultCode: 'reached' }), []);
    const again = await execute(journeyId, { ...openTask('t1'), expectedRevision: 1 }, []);
    expect(again.answer).toEqual(first.answer);
    expect(again.details).not.toContain('task.due of t1');
    expect(await stored(store)).toHaveLength(3);
  });

  test('that was refused and left an event brings the recorded refusal, also to an executor that reads it from the store', async () => {
    const { store, clock, execute } = await started();
    const diagnosis = message('d1', 'C', 'RecordDiagnosis', { icd10: 'J02.0', certainty: 'confirmed' });
    const first = await execute(journeyId, diagnosis, []);
    expect(first.answer).toMatchObject({
      accepted: false,
      code: 'licence-not-valid-here',
      revision: 2,
      events: [{ type: 'ClinicalActRefused', entityId: 'journey' }],
    });
    expect((await execute(journeyId, diagnosis, [])).answer).toEqual(first.answer);
    expect((await executor({ store, clock }).execute(journeyId, diagnosis, [])).answer).toEqual(first.answer);
    expect(await stored(store)).toHaveLength(2);
  });

  test('that left no event is decided again', async () => {
    const { execute } = await started();
    const claim = message('claim', 'K', 'ClaimTask', { taskId: 't1' });
    expect((await execute(journeyId, claim, [])).answer).toMatchObject({ accepted: false, code: 'entity-unknown' });
    await execute(journeyId, openTask('t1'), []);
    expect((await execute(journeyId, claim, [])).answer).toMatchObject({ accepted: true, events: [{ type: 'TaskClaimed' }] });
  });

  test('that was accepted and left no event says where the journey stands', async () => {
    const { execute } = await started();
    await execute(journeyId, openTask('t1'), []);
    await execute(journeyId, message('claim', 'K', 'ClaimTask', { taskId: 't1' }), []);
    const { answer } = await execute(journeyId, message('again', 'K', 'ClaimTask', { taskId: 't1' }), []);
    expect(answer).toEqual({ accepted: true, revision: 3, position: 0, events: [] });
  });

  test('on another journey is another command', async () => {
    const { store, execute } = await started();
    const { answer } = await execute('j2', startMessage, []);
    expect(answer).toMatchObject({ accepted: true, revision: 1, position: 2 });
    const ids = [...(await stored(store)), ...(await stored(store, 'j2'))].map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('Whoever has nothing to do with a journey', () => {
  const strangers = [
    ['a patient', message('x', 'P', 'AttestLocation', { state: 'WA', areaKey: '98101', addressRef: 'r' }, { who: 'patient-2' })],
    ['a parent', message('x', 'X', 'RecordSurvey', { scores: { overall: 5 } }, { who: 'parent-2' })],
    ['a parent with a version', message('x', 'X', 'RecordSurvey', {}, { who: 'parent-2', expectedRevision: 1 })],
    ['a patient with a role’s command', message('x', 'P', 'OpenTask', { taskId: 't1', kind: 'callback' }, { who: 'patient-2' })],
    ['a patient with unreadable data', message('x', 'P', 'RecordSurvey', { scores: 5 }, { who: 'patient-2' })],
    [
      'a partner of another source',
      message('x', 'A', 'RecordPayment', { chargeId: 'c', outcome: 'charged', cents: 1 }, { who: 'courier' }),
    ],
  ] as const;

  test.each(strangers)('%s is answered exactly as if it did not exist', async (_who, given) => {
    const { store, execute } = await started();
    const here = await execute(journeyId, given, []);
    const nowhere = await execute('j-unknown', given, []);
    expect(here.answer).toEqual(nowhere.answer);
    expect(here.answer).toMatchObject({ accepted: false, revision: 0, events: [] });
    expect(await stored(store)).toHaveLength(1);
  });

  test('is told entity-unknown, like everybody of a journey whose start was refused', async () => {
    const { execute } = await started();
    const [, [, given]] = strangers;
    expect((await execute(journeyId, given, [])).answer).toMatchObject({ code: 'entity-unknown' });
    const { execute: refused } = executor({ store: memoryEventStore(), clock: handClock(), know: () => ({ start: { onRoster: false } }) });
    await refused(journeyId, startMessage, []);
    expect((await refused(journeyId, given, [])).answer).toEqual((await refused('j-unknown', given, [])).answer);
  });
});

test('a run that opens a journey learns where it stands and adds nothing', async () => {
  const { store, open } = await started();
  const step = await open(journeyId, []);
  expect(step).toMatchObject({ answer: { accepted: true, revision: 1, position: 0, events: [] }, done: false, stage: 'Requested' });
  expect(step.details).toContain('intake.abandon of intake at 2026-10-07T16:00:00.000Z');
  expect(await open('j-unknown', [])).toMatchObject({ answer: { revision: 0 }, done: true, effects: [] });
  expect(await store.describe(journeyStream(journeyId))).toMatchObject({ version: 1 });
});
