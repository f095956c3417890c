import type { Activities } from '../../activities/index.ts';
import { memoryEventStore } from '../../store/memory/event-store.ts';
import { createWorkerMetrics } from '../../worker/metrics.ts';
import { executor, handClock, journeyId, message, startMessage } from '../activities/execute-setting.ts';
import { firstDay } from '../journeys/sample-facts.ts';

const effect = { id: 'e1', attempt: 1, kind: 'send-prescription', entityId: 'p1' };
const sent = message('effect:e1:1', 'A', 'RecordRxTransmission', { rxId: 'p1', attempt: 1, outcome: 'unknown' }, { source: 'effect' });

function counted(perform: Activities['perform'] = async () => null) {
  const metrics = createWorkerMetrics();
  const clock = handClock();
  const activities = metrics.counted({ ...executor({ store: memoryEventStore(), clock }), perform }, clock);
  return { metrics, clock, ...activities };
}
const scraped = ({ metrics }: ReturnType<typeof counted>): Promise<string> => metrics.registry.metrics();

test('commands are counted by name, source and answer; one that nobody knows lends no label', async () => {
  const worker = counted();
  await worker.execute(journeyId, startMessage, []);
  await worker.execute(journeyId, message('c2', 'X', 'AcceptPrice', { quoteId: 'q1' }), []);
  await worker.execute(journeyId, message('c3', 'X', 'Maria-Lopez', {}), []);
  const text = await scraped(worker);
  expect(text).toContain('caretrail_commands_decided_total{command="StartJourney",source="api",answer="accepted"} 1');
  expect(text).toContain('caretrail_commands_decided_total{command="AcceptPrice",source="api",answer="entity-unknown"} 1');
  expect(text).toContain('caretrail_commands_decided_total{command="unknown",source="api",answer="command-unknown"} 1');
  expect(text).not.toContain('Maria');
});

test('a deadline that comes late says by how much, one that no longer stands says nothing', async () => {
  const worker = counted();
  await worker.execute(journeyId, startMessage, []);
  const dueAt = firstDay + 86_400_000;
  worker.clock.at = dueAt + 7_000;
  const due = { name: 'intake.abandon', entityId: 'intake', dueAt };
  const elapse = message(`deadline:intake.abandon:intake:${dueAt}`, 'T', 'ElapseDeadline', due, { source: 'timer', occurredAt: dueAt });
  await worker.execute(journeyId, elapse, []);
  await worker.execute(journeyId, { ...elapse, id: 'deadline:other' }, []);
  const text = await scraped(worker);
  expect(text).toContain('caretrail_deadline_late_seconds_sum{clock="intake.abandon"} 7');
  expect(text).toContain('caretrail_deadline_late_seconds_count{clock="intake.abandon"} 1');
});

test('effects are counted by kind and outcome, also those that broke off', async () => {
  const answers: (() => Promise<typeof sent | null>)[] = [
    async () => sent,
    async () => null,
    async () => {
      throw new Error('no route to the partner');
    },
  ];
  const worker = counted(async () => (await answers.shift()?.()) ?? null);
  await worker.perform(journeyId, effect);
  await worker.perform(journeyId, effect);
  await expect(worker.perform(journeyId, effect)).rejects.toThrow('no route');
  const text = await scraped(worker);
  for (const outcome of ['unknown', 'handed-over', 'error'])
    expect(text).toContain(`caretrail_effects_total{kind="send-prescription",outcome="${outcome}"} 1`);
});

test('runs that had to be refreshed and flushes are counted', async () => {
  const worker = counted();
  worker.metrics.runRefreshed();
  worker.metrics.flushed(12);
  const text = await scraped(worker);
  expect(text).toContain('caretrail_runs_refreshed_total 1');
  expect(text).toContain('caretrail_store_flush_events_sum 12');
});

test('what the Temporal UI shows of a journey: where it stands, who answers, what it waits for', async () => {
  const worker = counted();
  await worker.execute(journeyId, startMessage, []);
  const { details } = await worker.open(journeyId, []);
  expect(details).toMatch(/^\*\*Requested\*\*, revision 1, with role K\n/);
  expect(details).toContain('- intake.abandon of intake at ');
  expect(details).not.toContain('patient-1');
});
