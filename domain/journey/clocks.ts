import type { ClockName, KeptSlaSet, ScheduleName } from '../templates/template.ts';
import type { Journey } from './state.ts';

/** The values that the journey started with (domain reference, section 8). @throws on a journey that was never requested */
export function slaOf({ intake }: Journey): KeptSlaSet {
  if (!intake.request) throw new Error('a journey without a request has no SLA set');
  return intake.request.slaSet;
}

/** Length of a clock in milliseconds; not a number in a journey that started before there was this clock. */
export const clock = (journey: Journey, name: ClockName): number => slaOf(journey).clocks[name] ?? Number.NaN;

/** Offsets of a clock's reminders, retries or queries, in milliseconds; none in a journey that started before there was this schedule. */
export const schedule = (journey: Journey, name: ScheduleName): readonly number[] => slaOf(journey).schedules[name] ?? [];
