import { randomUUID } from 'node:crypto';
import { system } from '../../domain/kernel/actor.ts';
import type { NewEvent } from '../../store/event-store.ts';

/** An event whose envelope has every field, with what a test changes of it. */
export function anEvent(change: Partial<NewEvent> = {}): NewEvent {
  return {
    id: randomUUID(),
    type: 'SomethingHappened',
    data: { count: 1, note: 'a "quoted" \\ word, é and 🫀', nested: { list: [1, null, true] } },
    schemaVersion: 1,
    entityId: 'entity-1',
    occurredAt: 1_767_225_600_000,
    recordedAt: 1_767_225_600_123,
    zone: 'America/New_York',
    actor: system,
    commandId: 'command-1',
    commandType: 'DoSomething',
    causationId: 'cause-1',
    correlationId: 'correlation-1',
    workflowId: 'workflow-1',
    runId: 'run-1',
    templateVersion: 'sore-throat@1',
    source: 'api',
    tenant: 'employer-1',
    patient: 'patient-1',
    ...change,
  };
}

/** That many different events. */
export const someEvents = (count: number, change: Partial<NewEvent> = {}) => Array.from({ length: count }, () => anEvent(change));

/** A stream that no other test writes to. */
export const newStream = (kind = 'journey') => `${kind}-${randomUUID()}`;
