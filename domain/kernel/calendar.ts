// Local time in the patient's zone. Intl knows the zone rules; it is no clock, and the same instant always gives the same answer.
import type { Instant } from './time.ts';

interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/** True for a time zone that the runtime knows, such as `America/Los_Angeles`. */
export function isZone(zone: string): boolean {
  try {
    return format(zone) !== undefined;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows in a zone at an instant. Read from the American date, whose parts one by one would cost three times as much. */
function localTime(at: Instant, zone: string): LocalTime {
  const shown = format(zone).format(at).match(/\d+/g) ?? [];
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = shown.map(Number);
  return { year, month, day, hour, minute, second };
}

/** The instant at which the clock on the wall shows this; in a gap of daylight saving, the first instant after it. */
export function instantOf(local: { year: number; month: number; day: number; hour?: number; minute?: number }, zone: string): Instant {
  const wanted = Date.UTC(local.year, local.month - 1, local.day, local.hour ?? 0, local.minute ?? 0);
  const offsetAt = (at: Instant): number => {
    const shown = localTime(at, zone);
    return Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second) - Math.floor(at / 1_000) * 1_000;
  };
  const guess = wanted - offsetAt(wanted);
  return wanted - offsetAt(guess);
}

/** The end of the local day that holds this instant. */
export function endOfDay(at: Instant, zone: string): Instant {
  const { year, month, day: date } = localTime(at, zone);
  return instantOf({ year, month, day: date + 1 }, zone);
}

/** The next first of a month at this local hour, after the instant. */
export function nextMonthStart(at: Instant, zone: string, atHour: number): Instant {
  const { year, month } = localTime(at, zone);
  const thisMonth = instantOf({ year, month, day: 1, hour: atHour }, zone);
  return thisMonth > at ? thisMonth : instantOf({ year, month: month + 1, day: 1, hour: atHour }, zone);
}

/** True if both instants lie in the same local month. */
export function sameMonth(a: Instant, b: Instant, zone: string): boolean {
  const [x, y] = [localTime(a, zone), localTime(b, zone)];
  return x.year === y.year && x.month === y.month;
}

/** When this much open time has passed, counting only the hours of the calendar. */
export function afterOpenTime(
  from: Instant,
  length: number,
  calendar: { zone: string; days: readonly number[]; fromHour: number; toHour: number },
): Instant {
  let left = length;
  let at = from;
  for (let days = 0; days < 400; days += 1) {
    const { year, month, day: date } = localTime(at, calendar.zone);
    const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay() || 7;
    const opens = Math.max(at, instantOf({ year, month, day: date, hour: calendar.fromHour }, calendar.zone));
    const closes = instantOf({ year, month, day: date, hour: calendar.toHour }, calendar.zone);
    if (calendar.days.includes(weekday) && opens < closes) {
      if (opens + left <= closes) return opens + left;
      left -= closes - opens;
    }
    at = instantOf({ year, month, day: date + 1 }, calendar.zone);
  }
  return from + length;
}

/** The same time of day, after this many days on which the calendar is open. */
export function afterOpenDays(from: Instant, count: number, calendar: { zone: string; days: readonly number[] }): Instant {
  const { year, month, day: date, hour, minute } = localTime(from, calendar.zone);
  const open = Array.from({ length: 7 * (count + 1) }, (_, i) => date + i + 1).filter((later) =>
    calendar.days.includes(new Date(Date.UTC(year, month - 1, later)).getUTCDay() || 7),
  );
  return instantOf({ year, month, day: open[count - 1] ?? date + count, hour, minute }, calendar.zone);
}

/** The next instant that is a whole multiple of `step` past the hour, not before `at`. */
export function nextRound(at: Instant, step: number): Instant {
  return Math.ceil(at / step) * step;
}

/** Whole years between a day of birth (`YYYY-MM-DD`) and an instant in a zone. */
export function ageAt(bornOn: string, at: Instant, zone: string): number {
  const [year = 0, month = 1, date = 1] = bornOn.split('-').map(Number);
  const now = localTime(at, zone);
  const birthdayPassed = now.month > month || (now.month === month && now.day >= date);
  return now.year - year - (birthdayPassed ? 0 : 1);
}

/** The start of the local day on which somebody born on this day reaches an age. */
export function birthday(bornOn: string, years: number, zone: string): Instant {
  const [year = 0, month = 1, date = 1] = bornOn.split('-').map(Number);
  return instantOf({ year: year + years, month, day: date }, zone);
}

/** An instant as ISO 8601 in UTC. */
export const isoOf = (at: Instant): string => new Date(at).toISOString();

/** The local date of an instant, as `YYYY-MM-DD`. */
export function localDate(at: Instant, zone: string): string {
  const { year, month, day: date } = localTime(at, zone);
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}
