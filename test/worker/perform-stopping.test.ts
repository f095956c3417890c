import { type RunningPartners, startPartners } from '../../dev/partners/server.ts';
import { minute } from '../../domain/kernel/time.ts';
import {
  aboutDelivery,
  clockTime,
  courierSays,
  handedOut,
  pharmacySays,
  signed,
  statusOfRx,
  verified,
} from '../journeys/prescription-story.ts';
import type { Story } from '../journeys/story.ts';
import { behave, type ClinicSide, ledgerOf, openClinicSide, secret } from '../partners/clinic-side.ts';
import { effectOf, memoryAttempts, partiesAt, performing } from './performing.ts';

let side: ClinicSide;
let partners: RunningPartners;
beforeEach(async () => {
  side = await openClinicSide(clockTime('14:03'));
  partners = await startPartners({ port: 0, secret, apiUrl: side.url });
});
afterEach(async () => {
  await partners.stop();
  await side.close();
});

const bodies = async (party: string): Promise<readonly object[]> =>
  (await ledgerOf(partners, party)).map((entry) => (entry as unknown as { readonly body: object }).body);

/** A prescription that the pharmacy has and somebody does not want any more. */
async function cancelling(): Promise<{ story: Story; perform: ReturnType<typeof performing> }> {
  const story = signed();
  const perform = performing({ story, partners });
  await perform(effectOf(story, 'send-prescription'));
  story.give('C', 'CancelPrescription', { rxId: 'p1', reason: 'error' });
  return { story, perform };
}

describe('cancelling at the pharmacy', () => {
  test('names the prescription by the key under which it was sent, and is confirmed', async () => {
    const { story, perform } = await cancelling();
    const message = await perform(effectOf(story, 'cancel-prescription'));
    expect(message).toMatchObject({
      id: 'effect:rx-cancel.p1.1:1',
      type: 'RecordRxCancelAnswer',
      data: { rxId: 'p1', outcome: 'confirmed' },
      actor: { kind: 'partner', id: 'pharmacy', role: 'A' },
    });
    expect((await bodies('pharmacy'))[1]).toMatchObject({ message: 'CancelRx', reference: 'j1/p1', prescription: 'j1/rx-send.p1' });
  });

  test('is confirmed for what never got there', async () => {
    const story = signed();
    story.give('C', 'CancelPrescription', { rxId: 'p1', reason: 'error' });
    const message = await performing({ story, partners })(effectOf(story, 'cancel-prescription'));
    expect(message).toMatchObject({ data: { outcome: 'confirmed' } });
  });

  test('is denied once it has been dispensed', async () => {
    const { story, perform } = await cancelling();
    side.now = clockTime('14:03') + 47 * minute;
    expect(await perform(effectOf(story, 'cancel-prescription'))).toMatchObject({ data: { outcome: 'denied', reason: 'dispensed' } });
  });

  test('that a line was cut over is unknown, and is asked about rather than done again', async () => {
    const { story, perform } = await cancelling();
    const effect = effectOf(story, 'cancel-prescription');
    await behave(partners, 'pharmacy', 'reset-after-doing');
    expect(await perform(effect)).toMatchObject({ data: { outcome: 'unknown' } });
    await behave(partners, 'pharmacy', 'normal');
    expect(await perform(effect)).toMatchObject({ data: { outcome: 'confirmed' } });
    expect(await bodies('pharmacy')).toHaveLength(2);
  });

  test('that the network refuses is denied; one that cannot be reached is called again', async () => {
    const { story, perform } = await cancelling();
    await behave(partners, 'pharmacy', 'refuse');
    expect(await perform(effectOf(story, 'cancel-prescription'))).toMatchObject({ data: { outcome: 'denied', reason: 'http-422' } });
    const alone = performing({
      story,
      partners: { endpointOf: () => ({ url: 'http://no-such-host.invalid', token: 'none' }) },
      attempts: memoryAttempts(),
    });
    await expect(alone(effectOf(story, 'cancel-prescription'))).rejects.toThrow('did not take the call');
  });

  test('calls nobody once it is answered', async () => {
    const { story, perform } = await cancelling();
    const effect = effectOf(story, 'cancel-prescription');
    story.give('A', 'RecordRxCancelAnswer', { rxId: 'p1', outcome: 'confirmed' });
    expect(await perform(effect)).toBeNull();
    expect(statusOfRx(story)).toBe('Cancelled');
  });
});

describe('stopping a courier', () => {
  const called = async () => {
    const story = handedOut();
    side.now = story.now;
    const perform = performing({ story, partners });
    await perform(effectOf(story, 'request-courier'));
    courierSays(story, 'courier-assigned');
    return { story, perform };
  };
  const stop = (story: Story) => story.give('K', 'StopDelivery', { ...aboutDelivery(story), reason: 'error' });

  test.each([
    [0, 'cancelled'],
    [20, 'returning'],
    [60, 'delivered'],
  ])('%d minutes after it was ready: %s', async (after, status) => {
    const { story, perform } = await called();
    stop(story);
    side.now += after * minute;
    const message = await perform(effectOf(story, 'stop-delivery'));
    expect(message).toMatchObject({ type: 'RecordDeliveryStatus', data: { ...aboutDelivery(story), leg: 1, status } });
  });

  test('whom nobody had called is cancelled without a word to him', async () => {
    const story = handedOut();
    stop(story);
    const message = await performing({ story, partners })(effectOf(story, 'stop-delivery'));
    expect(message).toMatchObject({ data: { status: 'cancelled' } });
    expect(await bodies('courier')).toEqual([]);
  });

  test('who will not stop tells the rest by himself; one who cannot be reached is called again', async () => {
    const { story, perform } = await called();
    stop(story);
    await behave(partners, 'courier', 'fail');
    await expect(perform(effectOf(story, 'stop-delivery'))).rejects.toThrow('did not take the call');
    await behave(partners, 'courier', 'refuse');
    expect(await perform(effectOf(story, 'stop-delivery'))).toBeNull();
  });

  test('is not done for a delivery that nobody stopped', async () => {
    const { story, perform } = await called();
    const effect = { id: 'courier-stop.x', attempt: 1, kind: 'stop-delivery', entityId: aboutDelivery(story).deliveryId };
    expect(await perform(effect)).toBeNull();
    expect(await partiesAt(partners).courier.stop({ key: 'k', created: 'nobody' })).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('the system’s own next steps', () => {
  test('a first failed attempt is followed by another leg', async () => {
    const story = handedOut();
    courierSays(story, 'attempted');
    expect(await performing({ story, partners })(effectOf(story, 'request-next-leg'))).toMatchObject({
      type: 'RequestDelivery',
      data: aboutDelivery(story),
      actor: { role: 'T' },
    });
  });

  test('a chosen reroute has the first pharmacy cancel', async () => {
    const story = verified();
    pharmacySays(story, 'stock-out');
    story.give('P', 'ChooseReroute', { rxId: 'p1', pharmacyId: 'pharmacy-2' });
    expect(await performing({ story, partners })(effectOf(story, 'cancel-for-reroute'))).toMatchObject({
      type: 'CancelPrescription',
      data: { rxId: 'p1', reason: 'reroute' },
      actor: { role: 'T' },
    });
  });

  test('an unclaimed medicine is a reminder', async () => {
    const story = verified();
    pharmacySays(story, 'ready');
    const reminder = story.effects('send-notice').find(({ entityId }) => entityId === 'p1.pickup-1');
    expect(reminder && (await performing({ story, partners })(reminder))).toMatchObject({
      data: { kind: 'pickupReminder', status: 'sent' },
    });
  });
});
