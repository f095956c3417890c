import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstPlay } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import { call, drive, type HistoryEvent } from '../../dev/journeys/drive.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import { partyNames } from '../../dev/partners/party.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { viewDifferences } from '../parts/view-differences.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem('j1-real', firstPlay);
}, 120_000);
afterAll(() => system?.stop(), 60_000);

let journeyId = '';
const notices = ['NoticeSent', 'NoticeDelivered', 'NoticeFailed'];

test('J-1 runs event for event through the API, each step at its instant, and every partner did each thing once', async () => {
  const steps = j1(castOf(system.family, firstPlay));
  const history: HistoryEvent[] = [];
  const onEvent = (event: HistoryEvent): void => void history.push(event);
  journeyId = await drive({ system, texts: { ...written, ...textsOf(system.family.child) }, name: 'j1-test-run', onEvent }, steps);

  const own = history.filter(({ type }) => !notices.includes(type));
  expect(own.map(({ type }) => type)).toEqual(steps.flatMap(({ events }) => events));
  const expectedTimes = steps.flatMap(({ at, events }) => events.map((type) => ({ type, at: new Date(at).toISOString() })));
  expect(own.map(({ type, occurredAt }) => ({ type, at: new Date(occurredAt).toISOString() }))).toEqual(expectedTimes);
  expect(history.map(({ version }) => version)).toEqual(history.map((_, i) => i + 1));

  const journey = await call(system, { method: 'GET', path: `/v1/journeys/${journeyId}`, role: 'L' });
  expect(journey).toMatchObject({ superState: 'Closed', outcome: 'Resolved' });
  const then = await call(system, { method: 'GET', path: `/v1/journeys/${journeyId}?asOf=2026-10-06T21:00:00.000Z`, role: 'L' });
  expect(then).toMatchObject({ superState: 'InCare' });
  expect(await viewDifferences(system.database)).toEqual({});
}, 180_000);

/** Whatever names the child or the parent, or was written by or about them. */
function tellingOf({ child, parent }: TestSystem['family']): readonly string[] {
  const people = [child, parent].flatMap(({ name, birthDate, phone, address }) => [name, birthDate, phone, address]);
  return [...people, ...Object.values(textsOf(child)), ...texts].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
}

/** What the play writes where no text is given: a message, notes and answers, each a sentence of its own here. */
const texts = ['message', 'note', 'rationale', 'summary', 'answers', 'visit summary'].map((kind) => `The ${kind} of a child who is ill`);
const written = Object.fromEntries(
  ['message', 'note', 'rationale', 'summary', 'answers', 'visit summary'].map((kind, i) => [kind, texts[i] ?? '']),
);

const told = (text: string, telling: readonly string[]): readonly string[] => telling.filter((one) => text.includes(one));

test('the logs of that run hold ids, and nothing about the people in it', () => {
  const folder = join(system.folder, 'logs');
  const logs = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  const telling = tellingOf(system.family);
  for (const [name, text] of logs) expect([name, told(text, telling)]).toEqual([name, []]);
  const api = new Map(logs).get('api.log') ?? '';
  expect(api).toContain(journeyId);
  // The search can fail: a line that quotes the patient, and one that quotes a message.
  for (const planted of [system.family.child.name, texts[0] ?? ''])
    expect(told(`${api}${JSON.stringify({ level: 30, msg: 'planted', about: planted })}\n`, telling)).toContain(planted);
});

/** Ids that name nobody: the system itself and the partners. */
const namesOfParties: readonly string[] = ['caretrail', ...partyNames];

const samples = (text: string): readonly string[] => text.split('\n').filter((line) => line.startsWith('caretrail_'));

test('each process shows what it counted, by names and codes alone', async () => {
  const scrape = async (of: string): Promise<string> => (await fetch(`http://127.0.0.1:${system.metricsPorts[of]}/metrics`)).text();
  const [worker, projections, api] = await Promise.all([scrape('worker'), scrape('projections'), scrape('api')]);
  const value = (text: string, start: string): number =>
    Number(
      samples(text)
        .find((line) => line.startsWith(start))
        ?.split(' ')
        .at(-1),
    );

  expect(value(worker, 'caretrail_commands_decided_total{command="StartJourney",source="api",answer="accepted"}')).toBe(1);
  expect(value(worker, 'caretrail_effects_total{kind="send-prescription"')).toBeGreaterThanOrEqual(1);
  expect(value(worker, 'caretrail_deadline_late_seconds_count{clock="followup.end"}')).toBe(1);
  expect(value(worker, 'caretrail_runs_refreshed_total')).toBe(0);
  expect(value(worker, 'caretrail_store_flush_events_count')).toBeGreaterThan(10);
  for (const reader of ['owed', 'inbox']) {
    expect(value(worker, `caretrail_reader_lag_entries{reader="${reader}"}`)).toBeGreaterThanOrEqual(0);
    expect(value(worker, `caretrail_reader_lag_seconds{reader="${reader}"}`)).toBeGreaterThanOrEqual(0);
  }
  expect(value(projections, 'caretrail_view_stopped{view="board"}')).toBe(0);
  expect(value(projections, 'caretrail_view_lag_events{view="timeline"}')).toBeGreaterThanOrEqual(0);
  expect(value(api, 'caretrail_commands_total{command="StartJourney",answer="accepted"}')).toBe(1);
  expect(value(api, 'caretrail_command_recorded_seconds_count{command="StartJourney"}')).toBe(1);

  const history = await call(system, { method: 'GET', path: `/v1/journeys/${journeyId}/history`, role: 'L' });
  const ids = [...JSON.stringify(history).matchAll(/"(?:\w*Id|id)":"([^"]+)"/g)]
    .map(([, id = '']) => id)
    .filter((id) => id.length > 6 && !namesOfParties.includes(id));
  expect(ids.length).toBeGreaterThan(50);
  const secret = [...new Set([journeyId, ...ids, ...tellingOf(system.family)])];
  for (const text of [worker, projections, api]) expect(told(samples(text).join('\n'), secret)).toEqual([]);
  expect(told(`caretrail_planted{of="${journeyId}"} 1`, secret)).toContain(journeyId);
});
