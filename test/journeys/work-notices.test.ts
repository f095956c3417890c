import { soreThroat } from '../../domain/templates/sore-throat.ts';
import { closed, consulted } from './follow-up-setting.ts';
import type { Story } from './story.ts';
import { at, dataOf } from './visit-setting.ts';

/** A journey that has sent its first check-in, which a notice is to tell of. */
const checkedIn = (): { story: Story; noticeId: string } => {
  const story = consulted();
  story.now = at('09:28', 2);
  const told = story.give('T', 'SendCheckIn', { n: 1 }, { id: 'check' });
  expect(told.events).toEqual(['CheckInSent']);
  return { story, noticeId: 'check.0.checkIn.P' };
};
const noticeOf = (noticeId: string) => ({ noticeId, kind: 'checkIn', recipientRole: 'P', channel: 'push', textVersion: 1 });
const wanted = (story: Story): readonly string[] => story.effects('send-notice').map(({ entityId }) => entityId);

describe('A notice', () => {
  test('is asked for by the event that the SLA set names, and its id follows from that event', () => {
    const { story, noticeId } = checkedIn();
    expect(story.effects('send-notice')).toContainEqual({ id: `notice.${noticeId}`, attempt: 1, kind: 'send-notice', entityId: noticeId });
    expect(story.journey.work.wanted[noticeId]).toEqual({ event: 'CheckInSent', ...noticeOf(noticeId) });
  });

  test('is not asked for by an event that the SLA set does not name', () => {
    const story = consulted({ slaSet: { notices: soreThroat.slaSet.notices.filter(({ event }) => event !== 'CheckInSent') } });
    const before = wanted(story);
    story.give('T', 'SendCheckIn', { n: 1 });
    expect(wanted(story)).toEqual(before);
  });

  test('goes to each recipient whom the SLA set names', () => {
    const rule = { event: 'CheckInSent', kind: 'checkIn', channel: 'push', textVersion: 1 } as const;
    const story = consulted({
      slaSet: {
        notices: [
          { ...rule, recipientRole: 'P' },
          { ...rule, recipientRole: 'C' },
        ],
      },
    });
    story.give('T', 'SendCheckIn', { n: 1 }, { id: 'check' });
    expect(wanted(story)).toEqual(['check.0.checkIn.P', 'check.0.checkIn.C']);
  });

  test.each([
    ['sent', 'NoticeSent'],
    ['failed', 'NoticeFailed'],
  ])('once it was %s is asked for no more', (status, type) => {
    const { story, noticeId } = checkedIn();
    const told = story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status, reason: 'why' }, { who: 'notices' });
    expect(told.decided.events.map((event) => event.type)).toEqual([type]);
    expect(dataOf(told, type)).toEqual({ ...noticeOf(noticeId), reason: 'why' });
    expect(wanted(story)).not.toContain(noticeId);
  });

  const call = (story: Story, noticeId: string) => story.effects('send-notice').find(({ entityId }) => entityId === noticeId);
  const fails = (story: Story, noticeId: string, outcome: string, attempt: number) =>
    story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status: 'failed', outcome, attempt }, { who: 'notices' });

  test.each(['failed', 'unknown'])('whose outcome is %s is tried again at the times of the schedule, and then given up', (outcome) => {
    const { story, noticeId } = checkedIn();
    const since = story.now;
    const tried: unknown[] = [];
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      expect(dataOf(fails(story, noticeId, outcome, attempt), 'NoticeFailed')).toMatchObject({ noticeId, outcome, attempt });
      const next = call(story, noticeId);
      if (next) tried.push([next.attempt, ((next.notBefore ?? since) - since) / 60_000]);
      story.now = next?.notBefore ?? story.now;
    }
    expect(tried).toEqual([
      [2, 1],
      [3, 5],
      [4, 15],
      [5, 60],
      [6, 240],
    ]);
    expect(wanted(story)).not.toContain(noticeId);
  });

  test('that was refused is not tried again', () => {
    const { story, noticeId } = checkedIn();
    fails(story, noticeId, 'refused', 1);
    expect(wanted(story)).not.toContain(noticeId);
  });

  test('that has been tried again and went out is asked for no more, and a late failure does not bring it back', () => {
    const { story, noticeId } = checkedIn();
    fails(story, noticeId, 'failed', 1);
    story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status: 'sent' }, { who: 'notices' });
    expect(wanted(story)).not.toContain(noticeId);
    fails(story, noticeId, 'unknown', 2);
    expect(wanted(story)).not.toContain(noticeId);
  });

  test('whose receipt overtakes the answer is not sent again', () => {
    const { story, noticeId } = checkedIn();
    fails(story, noticeId, 'unknown', 1);
    const receipt = story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status: 'delivered' }, { who: 'notices' });
    expect(receipt.decided.events.map(({ type }) => type)).toEqual(['NoticeSent', 'NoticeDelivered']);
    const answer = story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status: 'sent' }, { who: 'notices' });
    expect(answer.decided.events).toEqual([]);
    expect(wanted(story)).not.toContain(noticeId);
  });

  test('that was refused, and went out all the same, is known to have gone out', () => {
    const { story, noticeId } = checkedIn();
    fails(story, noticeId, 'refused', 1);
    const answer = story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status: 'sent' }, { who: 'notices' });
    expect(answer.decided.events.map(({ type }) => type)).toEqual(['NoticeSent']);
    fails(story, noticeId, 'refused', 1);
    expect(story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status: 'sent' }, { who: 'notices' }).decided.events).toEqual([]);
  });

  test('is not put back by a word about an attempt that is over', () => {
    const { story, noticeId } = checkedIn();
    fails(story, noticeId, 'failed', 1);
    fails(story, noticeId, 'failed', 2);
    const next = call(story, noticeId);
    fails(story, noticeId, 'failed', 1);
    expect(call(story, noticeId)).toEqual(next);
  });

  test('may be delivered later, which changes nothing more', () => {
    const { story, noticeId } = checkedIn();
    story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status: 'sent' }, { who: 'notices' });
    const before = wanted(story);
    const told = story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status: 'delivered' }, { who: 'notices' });
    expect(told.decided.events.map(({ type }) => type)).toEqual(['NoticeDelivered']);
    expect(wanted(story)).toEqual(before);
  });

  test('is reported by the adapter alone', () => {
    const { story, noticeId } = checkedIn();
    expect(story.give('K', 'RecordNotice', { ...noticeOf(noticeId), status: 'sent' }).refusal).toBe('not-your-role');
  });

  test('of the survey goes out after the journey closed, and so does the reminder', () => {
    const story = closed();
    expect(wanted(story).map((noticeId) => noticeId.split('.').at(-2))).toEqual(['requestReceived', 'survey']);
    expect(story.elapse('survey.remind').events).toEqual(['SurveyReminded']);
    expect(wanted(story).map((noticeId) => noticeId.split('.').at(-2))).toEqual(['requestReceived', 'survey', 'surveyReminder']);
    for (const noticeId of wanted(story)) story.give('A', 'RecordNotice', { ...noticeOf(noticeId), status: 'sent' }, { who: 'notices' });
    expect(wanted(story)).toEqual([]);
  });
});
