// Prints every event, command and refusal that is declared, as JSON.
import * as journeys from '../domain/journey/index.ts';
import { refusals } from '../domain/kernel/refusals.ts';
import { aggregates } from '../domain/reference/index.ts';

const all = [journeys, ...Object.values(aggregates)];
const names = (of: 'events' | 'commands'): readonly string[] =>
  [...new Set(all.flatMap((aggregate) => Object.keys(aggregate[of])))].toSorted();

process.stdout.write(
  `${JSON.stringify({ events: names('events'), commands: names('commands'), refusals: Object.keys(refusals).toSorted() })}\n`,
);
