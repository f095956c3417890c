import type { StoredEvent } from '../store/event-store.ts';

/** An event as it is answered: the envelope of the domain reference, section 3.4, and the payload. */
export function shown({ stream: _stream, tenant: _tenant, patient: _patient, workflowId, runId, ...event }: StoredEvent) {
  return { ...event, workflow: { id: workflowId, runId } };
}
