import { setTimeout as pause } from 'node:timers/promises';
import { firstPlay } from '../../dev/clinic.ts';
import { castOf, textsOf } from '../../dev/demo.ts';
import { call, drive, type HistoryEvent, moveClock } from '../../dev/journeys/drive.ts';
import { j2 } from '../../dev/journeys/j2.ts';
import { day } from '../../domain/kernel/time.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem('j2-real', firstPlay);
}, 120_000);
afterAll(() => system?.stop(), 60_000);

const notices = ['NoticeSent', 'NoticeDelivered', 'NoticeFailed'];
const historyOf = async (journeyId: string): Promise<readonly HistoryEvent[]> => {
  const { events } = (await call(system, { method: 'GET', path: `/v1/journeys/${journeyId}/history`, role: 'L' })) as {
    readonly events: readonly HistoryEvent[];
  };
  return events.filter(({ type }) => !notices.includes(type));
};

/** Waits until the journey holds an event of this type; a test that waits in vain fails at its own limit. */
async function whenever(journeyId: string, type: string): Promise<readonly HistoryEvent[]> {
  for (;;) {
    const events = await historyOf(journeyId);
    if (events.some((event) => event.type === type)) return events;
    await pause(50);
  }
}

test('J-2 runs event for event through the API, each step at its instant, and its follow-up call is still due when it is closed', async () => {
  const { parent } = system.family;
  const steps = j2({ ...castOf(system.family, firstPlay), patientId: parent.patientId });
  const history: HistoryEvent[] = [];
  const answers = new Map<string, unknown>();
  const journeyId = await drive(
    {
      system,
      texts: textsOf(parent),
      name: 'j2-test-run',
      onEvent: (event) => void history.push(event),
      onAnswer: (command, answer) => void answers.set(command, answer),
    },
    steps,
  );

  const own = history.filter(({ type }) => !notices.includes(type));
  const expected = steps.flatMap(({ at, events }) => events.map((type) => ({ type, at: new Date(at).toISOString() })));
  expect(own.map(({ type, occurredAt }) => ({ type, at: new Date(occurredAt).toISOString() }))).toEqual(expected);
  expect(history.map(({ version }) => version)).toEqual(history.map((_, i) => i + 1));
  expect(answers.get('SubmitQuestionnaire')).toMatchObject({
    emergencyText: { textId: 'emergency-general', version: 1, text: expect.stringContaining('Call 911 now') },
  });

  const journey = await call(system, { method: 'GET', path: `/v1/journeys/${journeyId}`, role: 'L' });
  expect(journey).toMatchObject({ superState: 'Closed', outcome: 'EmergencyHandedOff', overlays: [], owner: { role: 'C' } });
  const then = await call(system, { method: 'GET', path: `/v1/journeys/${journeyId}?asOf=2026-10-07T05:30:00.000Z`, role: 'L' });
  expect(then).toMatchObject({ superState: 'Screening', overlays: ['Emergency'] });

  const followUpDue = (steps.at(-1)?.at ?? 0) + 7 * day;
  expect(journey).toMatchObject({ deadlines: [{ name: 'ed.followup', dueAt: followUpDue }] });
  await moveClock(system, { at: followUpDue, scale: 0 });
  const after = await whenever(journeyId, 'SlaBreached');
  const late = after.slice(own.length).map(({ type, occurredAt }) => ({ type, at: new Date(occurredAt).getTime() }));
  expect(late).toEqual([{ type: 'SlaBreached', at: followUpDue }]);
}, 180_000);
