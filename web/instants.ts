// Instants and spans as people read them.

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** A span in its two largest units: `2 d 4 h`, `12 min`, `41 s`. */
export function span(ms: number): string {
  const size = Math.abs(ms);
  if (size < minute) return `${Math.floor(size / second)} s`;
  if (size < hour) return `${Math.floor(size / minute)} min`;
  if (size < day) return pair(size, hour, 'h', minute, 'min');
  if (size < year) return pair(size, day, 'd', hour, 'h');
  return `${Math.floor(size / year)} y`;
}

function pair(size: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((size % large) / small);
  return `${Math.floor(size / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

/** How long until an instant, to the second in the last hour: `in 4:07`, `6 min late`. */
export function countdown(dueAt: number, now: number): string {
  const left = dueAt - now;
  if (left < 0) return `${span(left)} late`;
  if (left >= hour) return `in ${span(left)}`;
  const seconds = Math.floor(left / second);
  return `in ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How pressing it is: passed, within a quarter of an hour, or later. */
export const urgency = (dueAt: number, now: number): 'late' | 'soon' | 'calm' =>
  dueAt < now ? 'late' : dueAt - now < 15 * minute ? 'soon' : 'calm';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${key} ${zone}`;
  const known = formats.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { ...options, ...(zone && { timeZone: zone }) });
  formats.set(name, made);
  return made;
}

/** `Tue 6 Oct 2026`. */
export const dateOf = (at: number, zone?: string): string =>
  format('date', zone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(at).replace(',', '');

/** `14:00:00`. */
export const timeOf = (at: number, zone?: string): string =>
  format('time', zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at);

/** `6 Oct 14:00`. */
export const shortInstant = (at: number, zone?: string): string =>
  format('short', zone, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    .format(at)
    .replace(',', '');

/** The value of a date and time field, in the browser's own zone. */
export function fieldOf(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * minute);
  return local.toISOString().slice(0, 19);
}
