import type { EventOf } from '../kernel/event.ts';
import * as closing from './closing/events.ts';
import * as consult from './consult/events.ts';
import * as emergency from './emergency.ts';
import * as intake from './intake/events.ts';
import * as work from './work/events.ts';

/** Every event of a journey, by type. */
export const events = { ...intake.events, ...emergency.events, ...consult.events, ...closing.events, ...work.events };

export type JourneyEvent = EventOf<typeof events>;
