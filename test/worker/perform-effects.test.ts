import { chooseVisitor } from '../../activities/dispatch-rule.ts';
import { type RunningPartners, startPartners } from '../../dev/partners/server.ts';
import type { VisitorFact } from '../../domain/journey/facts.ts';
import type { Visit } from '../../domain/journey/visit/state.ts';
import { drafted, inTreatment } from '../journeys/prescription-story.ts';
import { Story } from '../journeys/story.ts';
import { paid } from '../journeys/urinary-setting.ts';
import { behave, ledgerOf, secret } from '../partners/clinic-side.ts';
import { effectOf, performing } from './performing.ts';

let partners: RunningPartners;
beforeAll(async () => {
  partners = await startPartners({ port: 0, secret });
});
afterAll(() => partners.stop());
afterEach(async () => {
  for (const party of ['eligibility', 'safety', 'notices']) await behave(partners, party, 'normal');
});

function screening(): Story {
  const story = new Story(Date.UTC(2026, 9, 6, 16, 0));
  const start = { patientId: 'patient-1', employerId: 'employer-1', entryPoint: 'app', templateId: 'sore-throat', modality: 'async' };
  story.give('X', 'StartJourney', { ...start, zone: 'America/Los_Angeles' });
  story.give('X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'ref-1' });
  return story;
}

describe('eligibility', () => {
  test.each([
    ['normal', { outcome: 'confirmed', coverage: { coverageId: 'cov-patient-1', cobOrder: 1, hdhp: false } }],
    ['refuse', { outcome: 'undetermined', reason: 'http-422' }],
    ['fail', { outcome: 'failed', reason: 'http-503' }],
  ])('of a payer in the mode %s', async (mode, expected) => {
    const story = screening();
    story.give('X', 'AttestLocation', { state: 'WA', areaKey: '98101', addressRef: 'ref-2' });
    await behave(partners, 'eligibility', mode);
    const effect = effectOf(story, 'check-eligibility');
    expect(await performing({ story, partners })(effect)).toMatchObject({
      type: 'RecordEligibility',
      data: { checkId: effect.entityId, attempt: 1, ...expected },
    });
  });
});

test('whether a proxy may act is for the roster to say', async () => {
  const story = screening();
  expect(await performing({ story, partners })(effectOf(story, 'verify-proxy'))).toMatchObject({
    type: 'VerifyProxy',
    data: { proxyId: 'parent-1' },
    actor: { role: 'T' },
  });
});

test('a safety check that is not made counts as not made (R-13)', async () => {
  const story = drafted();
  await behave(partners, 'safety', 'fail');
  expect(await performing({ story, partners })(effectOf(story, 'check-rx-safety'))).toMatchObject({
    data: { rxId: 'p1', outcome: 'not-completed' },
  });
});

describe('notices', () => {
  const wanted = {
    noticeId: 'event-1.checkIn.P',
    event: 'CheckInSent',
    kind: 'checkIn',
    recipientRole: 'P',
    channel: 'push',
    textVersion: 1,
  } as const;
  const asked = (noticeId: string) => ({ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId });
  const noticed = (): Story => {
    const story = inTreatment();
    story.journey = { ...story.journey, work: { ...story.journey.work, wanted: { [wanted.noticeId]: wanted } } };
    return story;
  };

  test('say what the event asked for, to the person, without a word about health', async () => {
    const message = await performing({ story: noticed(), partners })(asked(wanted.noticeId));
    const { event: _event, ...notice } = wanted;
    expect(message).toMatchObject({ type: 'RecordNotice', data: { ...notice, status: 'sent' } });
    const [entry] = await ledgerOf(partners, 'notices');
    expect(entry?.body).toEqual({
      to: 'patient-1',
      channel: 'push',
      template: { name: 'checkIn', version: 1 },
      metadata: { reference: `j1/${wanted.noticeId}`, recipientRole: 'P' },
    });
  });

  test('that fail say so', async () => {
    await behave(partners, 'notices', 'refuse');
    expect(await performing({ story: noticed(), partners })(asked(wanted.noticeId))).toMatchObject({
      data: { status: 'failed', reason: 'http-422' },
    });
  });

  test.each([
    ['consult-1.reply.1791300000000.1', 'replyReminder'],
    ['visit-1.reminder-2', 'visitReminder'],
  ])('may be reminders, which their ids name: %s', async (noticeId, kind) => {
    expect(await performing({ story: noticed(), partners })(asked(noticeId))).toMatchObject({
      data: { noticeId, kind, recipientRole: 'P' },
    });
  });

  test('that are answered are not sent again', async () => {
    const story = noticed();
    story.give('A', 'RecordNotice', {
      noticeId: wanted.noticeId,
      status: 'sent',
      kind: 'checkIn',
      recipientRole: 'P',
      channel: 'push',
      textVersion: 1,
    });
    expect(await performing({ story, partners })(asked(wanted.noticeId))).toBeNull();
  });
});

test('an effect of a kind that only a newer worker knows waits for that worker', async () => {
  const effect = { id: 'x', attempt: 1, kind: 'send-pigeon', entityId: 'x' };
  await expect(performing({ story: screening(), partners })(effect)).rejects.toThrow('send-pigeon');
});

describe('the dispatch rule', () => {
  const visitor = (visitorId: string, more: Partial<VisitorFact> = {}): VisitorFact => ({
    visitorId,
    onShift: true,
    skills: ['swab'],
    states: ['WA'],
    supplies: ['strep-test'],
    shiftVersion: 1,
    ...more,
  });
  const story = inTreatment();
  const visit = (declinedBy: readonly string[] = []) =>
    ({ skills: ['swab'], tasks: [{ taskRef: 't1', kind: 'pointOfCareTest' }], dispatch: { failures: 0, declinedBy } }) as unknown as Visit;
  const chosen = (onShift: readonly VisitorFact[], declinedBy?: readonly string[]) =>
    chooseVisitor(story.journey, visit(declinedBy), onShift);

  test('sends somebody who fits, and keeps rare skills free', () => {
    const expert = visitor('a', { skills: ['swab', 'phlebotomy', 'vaccine'] });
    expect(chosen([expert, visitor('c'), visitor('b')])).toBe('b');
    expect(chosen([expert, visitor('b', { states: ['OR'] })])).toBe('a');
    expect(chosen([visitor('b', { supplies: [] }), expert])).toBe('a');
  });

  test('does not ask again who has declined, while there is anybody else', () => {
    expect(chosen([visitor('b'), visitor('c')], ['b'])).toBe('c');
  });

  test('names the one who comes nearest when nobody fits, and nobody when nobody is there', () => {
    expect(chosen([visitor('b', { skills: [] }), visitor('c', { supplies: [] })])).toBe('c');
    expect(chosen([])).toBeUndefined();
  });
});

test('who paid alone gets a receipt that names patient, date, service, amount and provider', async () => {
  const story = paid();
  const written: string[] = [];
  const effect = effectOf(story, 'issue-receipt');
  const message = await performing({ story, partners, written })(effect);
  expect(message).toMatchObject({ type: 'IssueReceipt', data: { chargeId: effect.entityId, receiptRef: 'text-1' }, actor: { role: 'T' } });
  expect(written).toEqual([
    'Patient: Robin Doe\nDate: 2026-10-06T16:00:00.000Z\nService: 99421\nAmount paid: $39.00\nProvider: clinician-1',
  ]);
  expect(await performing({ story: screening(), partners })(effect)).toBeNull();
});
