import { j1 } from '../../dev/journeys/j1.ts';
import type { WorkedStep } from '../../dev/journeys/step.ts';
import type { RunningPartners } from '../../dev/partners/server.ts';
import { plan } from '../../domain/journey/index.ts';
import type { Effect } from '../../domain/kernel/plan.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import { cast, visitWindow as window } from '../journeys/cast.ts';
import { sampleFacts } from '../journeys/sample-facts.ts';
import { Story } from '../journeys/story.ts';
import { type ClinicSide, ledgerOf, openClinicSide, startAgainst, until } from '../partners/clinic-side.ts';
import { performing } from './performing.ts';

/** What partners tell of their own accord. */
const told: readonly string[] = ['RecordPharmacyStatus', 'RecordDispense', 'RecordDeliveryStatus'];
/** What other parts of the system give: the conversation, and the timer. */
const elsewhere: readonly string[] = ['NoteConversationTurn', 'ElapseDeadline'];

/** A journey on the pure decider that gets its partners' and the system's commands from where they really come. */
class Rehearsal {
  readonly story: Story;
  readonly happened: string[] = [];
  private readonly side: ClinicSide;
  private readonly perform: ReturnType<typeof performing>;
  private readonly handedOver = new Set<string>();
  private taken = 0;

  constructor(story: Story, side: ClinicSide, partners: RunningPartners) {
    this.story = story;
    this.side = side;
    this.perform = performing({ story, partners, onShift: [sampleFacts.visitor] });
  }

  async play(step: WorkedStep): Promise<void> {
    const { story, side } = this;
    story.now = step.at;
    side.now = step.at;
    await this.performDue();
    const isPersons = !['A', 'T'].includes(step.role) || elsewhere.includes(step.command);
    if (isPersons)
      this.happened.push(
        ...story.give(
          step.role,
          step.command,
          step.data(story.entityOf, () => 'ref-1'),
        ).events,
      );
    if (told.includes(step.command)) await until(() => this.untaken().some((message) => message?.type === step.command));
    for (const message of this.untaken()) if (message) this.take(message);
    this.taken = side.webhooks.length;
    await this.performDue();
  }

  private untaken() {
    return this.side.webhooks.slice(this.taken).map(({ mapped }) => (mapped.to === 'command' ? mapped.message : undefined));
  }

  private async performDue(): Promise<void> {
    for (let effect = this.due(); effect; effect = this.due()) {
      const outcome = await this.perform(effect);
      if (outcome) this.take(outcome);
      else this.handedOver.add(`${effect.id}:${effect.attempt}`);
    }
  }

  private due(): Effect | undefined {
    const { effects } = plan(this.story.journey);
    return effects.find(({ id, attempt, notBefore = 0 }) => notBefore <= this.story.now && !this.handedOver.has(`${id}:${attempt}`));
  }

  private take({ id, type, data, actor }: Pick<CommandMessage, 'id' | 'type' | 'data' | 'actor'>): void {
    const { refusal, events } = this.story.give(actor.role, type, data as object, { who: actor.id, id: id.replaceAll(':', '_') });
    expect({ type, refusal }).toEqual({ type, refusal: undefined });
    this.happened.push(...events);
  }
}

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
  const rehearsal = new Rehearsal(story, side, partners);
  for (const step of steps) await rehearsal.play(step);
  expect(rehearsal.happened).toEqual(steps.flatMap(({ events }) => events));
  expect(story.journey.closing.closed?.outcome).toBe('Resolved');
  const done = await Promise.all(['eligibility', 'safety', 'pharmacy', 'courier', 'payment'].map((party) => ledgerOf(partners, party)));
  expect(done.map((entries) => entries.length)).toEqual([1, 1, 1, 1, 1]);
});
