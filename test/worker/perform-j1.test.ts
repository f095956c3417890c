import { j1 } from '../../dev/journeys/j1.ts';
import type { WorkedStep } from '../../dev/journeys/step.ts';
import { plan } from '../../domain/journey/index.ts';
import { instantOf } from '../../domain/kernel/calendar.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import { sampleFacts } from '../journeys/sample-facts.ts';
import { Story } from '../journeys/story.ts';
import { ledgerOf, openClinicSide, startAgainst, until } from '../partners/clinic-side.ts';
import { performing } from './performing.ts';

const zone = 'America/Los_Angeles';
const window = {
  from: instantOf({ year: 2026, month: 10, day: 6, hour: 13 }, zone),
  to: instantOf({ year: 2026, month: 10, day: 6, hour: 15 }, zone),
};
const cast = {
  patientId: 'patient-1',
  proxyId: 'parent-1',
  employerId: 'employer-1',
  clinicianId: 'clinician-1',
  visitorId: 'visitor-1',
  pharmacyId: 'pharmacy-1',
  groupId: 'group-1',
  areaKey: '98101',
  areaId: 'sea-north',
  firstDay: '2026-10-06',
  zone,
};

/** What partners tell of their own accord. */
const told: readonly string[] = ['RecordPharmacyStatus', 'RecordDispense', 'RecordDeliveryStatus'];
/** What other parts of the system give: the conversation, and the timer. */
const elsewhere: readonly string[] = ['NoteConversationTurn', 'ElapseDeadline'];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
});

test('people, the conversation and the clock aside, every command of J-1 comes from an effect or a webhook', async () => {
  const steps = j1(cast);
  const story = new Story(steps[0]?.at ?? 0, { slot: { ...sampleFacts.slot, window, earliest: window.from } });
  const side = await openClinicSide(story.now);
  const partners = await startAgainst(side);
  closing.push(partners.stop, side.close);
  const perform = performing({ story, partners, onShift: [sampleFacts.visitor] });
  const happened: string[] = [];
  const handedOver = new Set<string>();
  let webhooks = 0;

  const take = ({ id, type, data, actor }: Pick<CommandMessage, 'id' | 'type' | 'data' | 'actor'>): void => {
    const { refusal, events } = story.give(actor.role, type, data as object, { who: actor.id, id: id.replaceAll(':', '_') });
    expect({ type, refusal }).toEqual({ type, refusal: undefined });
    happened.push(...events);
  };
  const due = () =>
    plan(story.journey).effects.find(({ id, attempt, notBefore = 0 }) => notBefore <= story.now && !handedOver.has(`${id}:${attempt}`));
  const performDue = async (): Promise<void> => {
    for (let effect = due(); effect; effect = due()) {
      const outcome = await perform(effect);
      if (outcome) take(outcome);
      else handedOver.add(`${effect.id}:${effect.attempt}`);
    }
  };
  const takeWebhooks = (): void => {
    for (const { mapped } of side.webhooks.slice(webhooks)) if (mapped.to === 'command') take(mapped.message);
    webhooks = side.webhooks.length;
  };
  const play = async (step: WorkedStep): Promise<void> => {
    story.now = step.at;
    side.now = step.at;
    await performDue();
    const isPersons = !['A', 'T'].includes(step.role) || elsewhere.includes(step.command);
    if (isPersons)
      happened.push(
        ...story.give(
          step.role,
          step.command,
          step.data(story.entityOf, () => 'ref-1'),
        ).events,
      );
    if (told.includes(step.command))
      await until(() =>
        side.webhooks.slice(webhooks).some(({ mapped }) => mapped.to === 'command' && mapped.message.type === step.command),
      );
    takeWebhooks();
    await performDue();
  };

  for (const step of steps) await play(step);
  const done = await Promise.all(['eligibility', 'safety', 'pharmacy', 'courier', 'payment'].map((party) => ledgerOf(partners, party)));
  expect(happened).toEqual(steps.flatMap(({ events }) => events));
  expect(story.journey.closing.closed?.outcome).toBe('Resolved');
  expect(done.map((entries) => entries.length)).toEqual([1, 1, 1, 1, 1]);
});
