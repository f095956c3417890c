// What becomes of a call that goes wrong: the attempt after it, the question about it, and how often the partner did it in the end.
import { type RunningPartners, startPartners } from '../../dev/partners/server.ts';
import type { Effect } from '../../domain/kernel/plan.ts';
import { minute } from '../../domain/kernel/time.ts';
import { must, visitEnded } from '../journeys/consult-setting.ts';
import { closed } from '../journeys/follow-up-setting.ts';
import { located } from '../journeys/intake-setting.ts';
import { drafted, handedOut, signed, standing } from '../journeys/prescription-story.ts';
import type { Story } from '../journeys/story.ts';
import { type ClinicSide, callsOf, ledgerOf, openClinicSide, type PlannedFault, planFaults, secret } from '../partners/clinic-side.ts';
import { memoryAttempts, performing } from './performing.ts';

let side: ClinicSide;
let partners: RunningPartners;
beforeEach(async () => {
  side = await openClinicSide(0);
  partners = await startPartners({ port: 0, secret, apiUrl: side.url });
});
afterEach(async () => {
  await partners.stop();
  await side.close();
});

/** A journey whose effects of one kind are made at their times, their outcomes given to it. */
function working(story: Story) {
  const attempts = memoryAttempts();
  const perform = performing({ story, partners, attempts });
  const next = (kind: string): Effect | undefined => story.effects(kind)[0];
  return {
    perform,
    next,
    /** A crash before the outcome was known: the ledger holds the next attempt of this effect, and nothing more. */
    crashed: async (kind: string): Promise<void> => {
      const { id = '', attempt = 1 } = next(kind) ?? {};
      await attempts.begin(`j1/${id}`, attempt);
    },
    /** Makes the next effect of a kind, as soon as it may be. Returns what it came to. */
    async make(kind: string): Promise<Readonly<Record<string, unknown>> | null> {
      const effect = next(kind);
      if (!effect) throw new Error(`the journey asks for no ${kind}`);
      story.now = Math.max(story.now, effect.notBefore ?? 0);
      side.now = story.now;
      const message = await perform(effect);
      if (!message) return null;
      must(story, 'A', message.type, message.data as object, message.actor.id);
      return message.data as Readonly<Record<string, unknown>>;
    },
  };
}

const operations = async (party: string): Promise<readonly string[]> => (await callsOf(partners, party)).map(({ operation }) => operation);
const timesDone = async (party: string): Promise<number> => (await ledgerOf(partners, party)).length;
const faultsOf = (party: string, ...faults: readonly PlannedFault[]) => planFaults(partners, party, faults);

describe('an attempt that a crash left without an outcome', () => {
  const cases: readonly [string, string, () => Story][] = [
    ['send-prescription', 'pharmacy', signed],
    ['request-courier', 'courier', handedOut],
    ['request-payment', 'payment', visitEnded],
    ['send-notice', 'notices', closed],
  ];

  test.each(cases)('is asked about, and sent if it is certainly not there: %s', async (kind, party, story) => {
    const { make, crashed } = working(story());
    await crashed(kind);
    await make(kind);
    expect(await operations(party)).toEqual(['query', 'send']);
    expect(await timesDone(party)).toBe(1);
  });

  test.each(cases.filter(([kind]) => kind !== 'request-courier'))('is not sent while nobody can say: %s', async (kind, party, story) => {
    const { make, crashed } = working(story());
    await faultsOf(party, { on: 'query', fault: 'fail' });
    await crashed(kind);
    expect(await make(kind)).toMatchObject({ outcome: expect.stringMatching(/^un/) });
    expect(await operations(party)).toEqual(['query']);
  });

  test.each(['check-eligibility', 'check-rx-safety'])('is simply put again if it is a question: %s', async (kind) => {
    const story = kind === 'check-rx-safety' ? drafted() : located();
    const { make, crashed } = working(story);
    await crashed(kind);
    expect(await make(kind)).toMatchObject({ outcome: expect.stringMatching(/confirmed|passed/) });
  });
});

describe('a copay', () => {
  test('that the service has charged, its answer lost, is found by asking and charged once', async () => {
    const story = visitEnded();
    const { make, next } = working(story);
    await faultsOf('payment', { on: 'send', fault: 'reset-after-doing' });
    expect(await make('request-payment')).toMatchObject({ outcome: 'unconfirmed', attempt: 1 });
    expect(next('request-payment')).toBeUndefined();
    expect(await make('query-payment')).toMatchObject({ outcome: 'charged', cents: 2_500, paymentRef: expect.any(String) });
    expect([next('request-payment'), next('query-payment')]).toEqual([undefined, undefined]);
    expect(await operations('payment')).toEqual(['send', 'query']);
    expect(await timesDone('payment')).toBe(1);
  });

  test('that never reached the service is found to be missing, and charged by the next attempt', async () => {
    const { make } = working(visitEnded());
    await faultsOf('payment', { on: 'send', fault: 'drop' }, { on: 'query', fault: 'fail' });
    await make('request-payment');
    expect(await make('query-payment')).toMatchObject({ outcome: 'unconfirmed', query: 1 });
    expect(await make('query-payment')).toMatchObject({ outcome: 'failed', query: 2, reason: 'not-found' });
    expect(await make('request-payment')).toMatchObject({ outcome: 'charged' });
    expect(await operations('payment')).toEqual(['send', 'query', 'query', 'send']);
    expect(await timesDone('payment')).toBe(1);
  });

  test('that was declined is not charged again', async () => {
    const { make, next } = working(visitEnded());
    await faultsOf('payment', { on: 'send', fault: 'refuse' });
    expect(await make('request-payment')).toMatchObject({ outcome: 'refused', reason: 'http-402' });
    expect([next('request-payment'), next('query-payment')]).toEqual([undefined, undefined]);
  });

  test('that certainly was not charged is tried again', async () => {
    const story = visitEnded();
    const shut: Pick<RunningPartners, 'endpointOf'> = {
      endpointOf: (party) => ({ ...partners.endpointOf(party), token: 'a token that opens nothing' }),
    };
    const away = performing({ story, partners: shut });
    const { make, next } = working(story);
    const message = await away(next('request-payment') as Effect);
    expect(message?.data).toMatchObject({ outcome: 'failed', attempt: 1 });
    must(story, 'A', 'RecordPayment', message?.data as object, 'payment');
    expect(next('request-payment')).toMatchObject({ attempt: 2, notBefore: story.now + minute });
    expect(await make('request-payment')).toMatchObject({ outcome: 'charged' });
  });
});

describe('a notice', () => {
  test('whose answer was lost is asked about before it is sent again, and goes out once', async () => {
    const { make, next } = working(closed());
    await faultsOf('notices', { on: 'send', fault: 'reset-after-doing' });
    const first = next('send-notice');
    expect(await make('send-notice')).toMatchObject({ status: 'failed', outcome: 'unknown', attempt: 1 });
    expect(next('send-notice')).toMatchObject({ id: first?.id, attempt: 2 });
    expect(await make('send-notice')).toMatchObject({ noticeId: first?.entityId, status: 'sent' });
    expect(await operations('notices')).toEqual(['send', 'query']);
    expect(await timesDone('notices')).toBe(1);
  });

  test('that never reached the service is sent by the next attempt', async () => {
    const { make } = working(closed());
    await faultsOf('notices', { on: 'send', fault: 'drop' });
    await make('send-notice');
    expect(await make('send-notice')).toMatchObject({ status: 'sent' });
    expect(await operations('notices')).toEqual(['send', 'query', 'send']);
    expect(await timesDone('notices')).toBe(1);
  });

  test('that nobody can be asked about is not sent again', async () => {
    const { make } = working(closed());
    await faultsOf('notices', { on: 'send', fault: 'drop' }, { on: 'query', fault: 'fail' });
    await make('send-notice');
    expect(await make('send-notice')).toMatchObject({ status: 'failed', outcome: 'unknown', attempt: 2 });
    expect(await operations('notices')).toEqual(['send', 'query']);
    expect(await timesDone('notices')).toBe(0);
  });
});

describe('a safety check', () => {
  test('that got no answer is put once more', async () => {
    const { make } = working(drafted());
    await faultsOf('safety', { on: 'send', fault: 'fail' });
    expect(await make('check-rx-safety')).toMatchObject({ outcome: 'passed' });
    expect(await operations('safety')).toEqual(['send', 'send']);
  });

  test('that was refused is not', async () => {
    const { make } = working(drafted());
    await faultsOf('safety', { on: 'send', fault: 'refuse' });
    expect(await make('check-rx-safety')).toMatchObject({ outcome: 'not-completed' });
    expect(await operations('safety')).toEqual(['send']);
  });
});

describe('a courier', () => {
  /** A delivery that the courier has taken; whatever it tells is lost. */
  async function taken() {
    const story = handedOut();
    const work = working(story);
    await faultsOf('courier', { on: 'message', fault: 'drop', times: 10 });
    expect(await work.make('request-courier')).toBeNull();
    return { story, ...work, start: story.now };
  }
  type Taken = Awaited<ReturnType<typeof taken>>;
  const due = ({ story }: Taken) => story.effects('query-courier').filter(({ notBefore = 0 }) => notBefore <= story.now);
  /** Puts every question that is due. Returns what each came to. */
  async function look(delivery: Taken, minutes: number) {
    delivery.story.now = delivery.start + minutes * minute;
    side.now = delivery.story.now;
    const said = [];
    for (const effect of due(delivery)) said.push(await delivery.perform(effect));
    for (const message of said) if (message) must(delivery.story, 'A', message.type, message.data as object, 'courier');
    return said.map((message) => (message?.data as { status?: string } | undefined)?.status ?? null);
  }

  test('whose messages are all lost is asked, and the delivery arrives all the same', async () => {
    const delivery = await taken();
    expect(await look(delivery, 4)).toEqual([]);
    expect(await look(delivery, 5)).toEqual(['courier-assigned']);
    expect(await look(delivery, 20)).toEqual([null, 'picked-up']);
    expect(await look(delivery, 25)).toEqual([null]);
    expect(await look(delivery, 60)).toEqual([null, null, 'delivered']);
    expect(standing(delivery.story)).toBe('Delivered');
    expect(delivery.story.effects('query-courier')).toEqual([]);
    expect(await timesDone('courier')).toBe(1);
  });

  test('is asked only the last of several questions that are due', async () => {
    const delivery = await taken();
    expect(await look(delivery, 60)).toEqual([null, null, null, 'delivered']);
    expect(await operations('courier')).toEqual(['send', 'query']);
  });

  test('that says what is known already, or that cannot be asked, tells nothing', async () => {
    const delivery = await taken();
    await look(delivery, 5);
    expect(await look(delivery, 10)).toEqual([null]);
    await faultsOf('courier', { on: 'query', fault: 'fail' });
    expect(await look(delivery, 20)).toEqual([null, null]);
    expect(standing(delivery.story)).toBe('Assigned');
  });

  test('that speaks is asked anew from its last word on', async () => {
    const delivery = await taken();
    const [before] = delivery.story.effects('query-courier');
    await look(delivery, 5);
    const [after] = delivery.story.effects('query-courier');
    expect(after).toMatchObject({ attempt: 1, notBefore: delivery.start + 10 * minute });
    expect(after?.id).not.toBe(before?.id);
  });
});
