import type { EventOf } from '../kernel/event.ts';
import * as closing from './closing/events.ts';
import * as consult from './consult/events.ts';
import * as delivery from './delivery/events.ts';
import * as emergency from './emergency.ts';
import * as escalation from './escalation.ts';
import * as followUp from './follow-up/events.ts';
import * as intake from './intake/events.ts';
import * as lab from './lab/events.ts';
import * as money from './money/events.ts';
import * as prescription from './prescription/events.ts';
import * as visit from './visit/events.ts';
import * as work from './work/events.ts';

/** Every event of a journey, by type. */
export const events = {
  ...intake.events,
  ...emergency.events,
  ...consult.events,
  ...visit.events,
  ...lab.events,
  ...prescription.events,
  ...delivery.events,
  ...followUp.events,
  ...closing.events,
  ...money.events,
  ...work.events,
  ...escalation.events,
};

export type JourneyEvent = EventOf<typeof events>;
