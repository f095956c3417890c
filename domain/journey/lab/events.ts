import type { EventOf, EventSchemas } from '../../kernel/event.ts';

export const events = {} satisfies EventSchemas;

export type LabEvent = EventOf<typeof events>;
