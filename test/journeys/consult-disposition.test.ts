import { overlays, superState } from '../../domain/journey/super-state.ts';
import { hour, minute } from '../../domain/kernel/time.ts';
import {
  as,
  claimed,
  completed,
  completion,
  consultOf,
  decided,
  decision,
  homeVisit,
  known,
  must,
  ordered,
  started,
  swab,
  visited,
  vitalsOnly,
} from './consult-setting.ts';
import type { Story } from './story.ts';
import { at, dataOf, dueOf, safe } from './visit-setting.ts';

const standing = (story: Story) => story.journey.consult.disposition;
const wish = (story: Story) => ({ dispositionId: story.entityOf('DispositionLoweringRequested') });

/** A level in force and the wish of its clinician to lower it to 6. */
const lowering = (from: number): Story => {
  const story = decided(from);
  story.now += minute;
  must(story, 'C', 'DecideDisposition', decision(story, 6));
  return story;
};

describe('A disposition', () => {
  test('says how soon the patient is to be seen, with its reason, and plans the care', () => {
    const story = started();
    story.now = at('09:24');
    const told = story.give('C', 'DecideDisposition', decision(story, 6));
    expect(told.events).toEqual(['DispositionDecided']);
    expect(dataOf(told, 'DispositionDecided')).toMatchObject({ ...decision(story, 6), latestStartAt: at('09:24', 1) });
    expect(known(story)).toMatchObject({ status: 'Decided' });
    expect(superState(story.journey)).toBe('Planned');
  });

  test('needs a rationale, and a consult that has begun and goes on', () => {
    const story = started();
    const { rationaleRef: _left, ...bare } = decision(story, 6);
    expect(story.give('C', 'DecideDisposition', bare)).toMatchObject({ events: [], refusal: 'rationale-missing' });
    expect(story.give('C', 'DecideDisposition', { ...decision(story, 6), consultId: 'other' }).refusal).toBe('entity-unknown');
    const waiting = claimed();
    expect(waiting.give('C', 'DecideDisposition', decision(waiting, 6)).refusal).toBe('not-allowed-in-state');
    const over = completed();
    expect(over.give('C', 'DecideDisposition', decision(over, 5)).refusal).toBe('not-allowed-in-state');
  });

  test('at a visit needs no consult', () => {
    const story = completed(6);
    expect(story.give('C', 'DecideDisposition', { level: 4, rationaleRef: 'ref-rationale' }).events).toEqual(['DispositionDecided']);
  });

  test('of level 1 declares an emergency and shows its text in the same decision', () => {
    const story = started();
    const told = story.give('C', 'DecideDisposition', decision(story, 1));
    expect(told.events).toEqual(['DispositionDecided', 'EmergencyDeclared', 'EmergencyTextShown']);
    const caseId = story.entityOf('EmergencyDeclared');
    const declared = { caseId, trigger: 'disposition-1', ownerRole: 'C', callDueAt: story.now + 5 * minute };
    expect(dataOf(told, 'EmergencyDeclared')).toEqual(declared);
    expect(dataOf(told, 'EmergencyTextShown')).toEqual({ textId: 'emergency-general', version: 1, caseId });
    expect(overlays(story.journey)).toEqual(['Emergency']);
    expect(superState(story.journey)).toBe('Planned');
  });

  test('of level 1 while an emergency is open declares no second one', () => {
    const story = decided(1);
    expect(story.give('C', 'DecideDisposition', decision(story, 1)).events).toEqual(['DispositionDecided']);
  });

  test.each([
    [9, 2],
    [4, 3],
    [3, 1],
    [3, 3],
    [4, 9],
  ])('of level %i becomes level %i at once, superseding the one before', (from, to) => {
    const story = decided(from);
    const before = standing(story)?.dispositionId;
    const told = as(story, 'clinician-2', 'DecideDisposition', decision(story, to));
    expect(told.events[0]).toBe('DispositionDecided');
    expect(dataOf(told, 'DispositionDecided')).toMatchObject({ level: to, supersedes: before });
    expect(standing(story)).toMatchObject({ level: to });
  });

  test.each([1, 2, 3])('of level %i is not lowered by one clinician alone: the wish is kept and the level stands', (from) => {
    const story = decided(from);
    const told = story.give('C', 'DecideDisposition', decision(story, from + 1));
    expect(told.events).toEqual(['DispositionLoweringRequested']);
    expect(dataOf(told, 'DispositionLoweringRequested')).toMatchObject({
      from,
      to: from + 1,
      rationaleRef: 'ref-rationale',
      by: 'clinician-1',
    });
    expect(standing(story)).toMatchObject({ level: from });
  });
});

describe('A wish to lower a disposition', () => {
  test('approved by a second clinician puts the lower level in force from that moment', () => {
    const story = lowering(2);
    story.now = at('09:30');
    const told = as(story, 'clinician-2', 'ApproveDispositionLowering', wish(story));
    expect(told.events).toEqual(['DispositionLoweringApproved', 'DispositionDecided']);
    expect(dataOf(told, 'DispositionLoweringApproved')).toMatchObject({ ...wish(story), from: 2, to: 6, by: 'clinician-2' });
    expect(dataOf(told, 'DispositionDecided')).toMatchObject({ level: 6, latestStartAt: at('09:30', 1), rationaleRef: 'ref-rationale' });
    expect(standing(story)).toMatchObject({ level: 6 });
    expect(story.journey.consult.lowering).toBeUndefined();
  });

  test('rejected by a second clinician leaves the level, and may be wished again', () => {
    const story = lowering(2);
    const told = as(story, 'clinician-2', 'RejectDispositionLowering', wish(story));
    expect(told.events).toEqual(['DispositionLoweringRejected']);
    expect(dataOf(told, 'DispositionLoweringRejected')).toMatchObject({ ...wish(story), from: 2, to: 6, by: 'clinician-2' });
    expect(standing(story)).toMatchObject({ level: 2 });
    expect(as(story, 'clinician-1', 'DecideDisposition', decision(story, 6)).events).toEqual(['DispositionLoweringRequested']);
  });

  test.each(['ApproveDispositionLowering', 'RejectDispositionLowering'])('is not settled by whoever wished it (%s)', (type) => {
    const story = lowering(3);
    expect(story.give('C', type, wish(story))).toMatchObject({ events: [], refusal: 'same-person' });
    expect(dueOf(story, 'disposition.approval')).toHaveLength(1);
  });

  test.each(['ApproveDispositionLowering', 'RejectDispositionLowering'])('that is not there is unknown (%s)', (type) => {
    expect(as(decided(2), 'clinician-2', type, { dispositionId: 'other' })).toMatchObject({ events: [], refusal: 'entity-unknown' });
    const story = lowering(2);
    expect(as(story, 'clinician-2', type, { dispositionId: 'other' }).refusal).toBe('entity-unknown');
    must(story, 'C', type, wish(story), 'clinician-2');
    expect(as(story, 'clinician-2', type, wish(story)).refusal).toBe('entity-unknown');
  });

  test('falls when the urgency is raised meanwhile', () => {
    const story = lowering(3);
    must(story, 'C', 'DecideDisposition', decision(story, 2));
    expect(as(story, 'clinician-2', 'ApproveDispositionLowering', wish(story)).refusal).toBe('entity-unknown');
    expect(as(story, 'clinician-1', 'CompleteConsult', completion(story)).refusal).toBeUndefined();
  });
});

describe('Level 3', () => {
  test('without a word of a clinician becomes level 2 by rule after 15 minutes, and a wish to lower it falls', () => {
    const story = lowering(3);
    const told = story.elapse('disposition.approval');
    expect(story.now).toBe(at('09:39'));
    expect(told.events).toEqual(['DispositionDecided']);
    expect(dataOf(told, 'DispositionDecided')).toMatchObject({
      level: 2,
      byRule: 'disposition.approval',
      supersedes: expect.any(String),
      latestStartAt: at('10:39'),
    });
    expect(story.journey.consult.lowering).toBeUndefined();
    expect(dueOf(story, 'disposition.approval')).toEqual([]);
  });

  test.each([1, 2, 4, 9])('alone waits for that word: level %i does not', (level) =>
    expect(dueOf(decided(level), 'disposition.approval')).toEqual([]),
  );

  test('stands once a second clinician rejects the wish to lower it', () => {
    const story = lowering(3);
    as(story, 'clinician-2', 'RejectDispositionLowering', wish(story));
    expect(dueOf(story, 'disposition.approval')).toEqual([]);
    expect(standing(story)).toMatchObject({ level: 3 });
  });

  test('stands once the consult is completed', () => expect(dueOf(completed(3), 'disposition.approval')).toEqual([]));

  test('decided at a visit after the consult waits for the word as well', () => {
    const story = completed(6);
    must(story, 'C', 'DecideDisposition', { level: 3, rationaleRef: 'ref-rationale' });
    expect(dueOf(story, 'disposition.approval')).toEqual([story.now + 15 * minute]);
    expect(story.elapse('disposition.approval').events).toEqual(['DispositionDecided']);
  });
});

describe('The outer limit of a disposition', () => {
  const limit = (level: number, zone: string, from: number): number | undefined => standing(decided(level, { zone, from }))?.latestStartAt;

  test.each([
    [1, 0],
    [2, 1],
    [3, 1],
    [4, 2],
    [6, 24],
    [7, 72],
    [8, 336],
  ])('of level %i lies %i hours after the decision', (level, hours) => {
    const story = decided(level);
    expect(standing(story)?.latestStartAt).toBe(at('09:24') + hours * hour);
  });

  test('of level 9 is none', () => {
    const story = decided(9);
    expect(standing(story)?.latestStartAt).toBeUndefined();
    expect(dueOf(story, 'disposition.limit')).toEqual([]);
  });

  test.each([
    ['in Seattle', 'America/Los_Angeles', '2026-10-06T16:00:00Z', '2026-10-07T07:00:00Z'],
    ['in New York', 'America/New_York', '2026-10-06T16:00:00Z', '2026-10-07T04:00:00Z'],
    ['in New York late in the evening', 'America/New_York', '2026-10-07T03:30:00Z', '2026-10-07T04:00:00Z'],
    ['in New York just after midnight', 'America/New_York', '2026-10-07T04:00:00Z', '2026-10-08T04:00:00Z'],
    ['on the day with 25 hours', 'America/Los_Angeles', '2026-11-01T07:30:00Z', '2026-11-02T08:00:00Z'],
    ['on the day with 23 hours', 'America/Los_Angeles', '2026-03-08T08:30:00Z', '2026-03-09T07:00:00Z'],
    ['on the last day of the year', 'America/Los_Angeles', '2026-12-31T20:00:00Z', '2027-01-01T08:00:00Z'],
  ])("of level 5 is the end of the patient's day %s", (_where, zone, from, until) => {
    expect(limit(5, zone, Date.parse(from))).toBe(Date.parse(until));
  });

  test('breaches once if nobody has seen the patient by then', () => {
    const story = decided(4);
    const told = story.elapse('disposition.limit');
    expect(told.events).toEqual(['SlaBreached']);
    expect(dataOf(told, 'SlaBreached')).toMatchObject({ clock: 'disposition.limit', dueAt: at('11:24') });
    expect(dueOf(story, 'disposition.limit')).toEqual([]);
  });

  test('leads to nothing a moment before it is reached', () => {
    const story = decided(4);
    const deadline = { name: 'disposition.limit', entityId: story.entityOf('DispositionDecided'), dueAt: at('11:24') };
    story.now = at('11:24') - 1;
    expect(story.give('T', 'ElapseDeadline', deadline)).toMatchObject({ events: [], refusal: undefined });
    expect(dueOf(story, 'disposition.limit')).toEqual([at('11:24')]);
  });

  test('that is now starts no clock', () => expect(dueOf(decided(1), 'disposition.limit')).toEqual([]));

  test('ends when the visit begins', () => {
    const story = visited(ordered([homeVisit]), 'IdentifyPatientAtVisit');
    expect(dueOf(story, 'disposition.limit')).toEqual([at('09:24', 1)]);
    must(story, 'V', 'StartVisit', { visitId: story.entityOf('VisitRequested') });
    expect(dueOf(story, 'disposition.limit')).toEqual([]);
  });

  test('ends with the consult if no visit is open, and goes on if one is', () => {
    expect(dueOf(completed(6), 'disposition.limit')).toEqual([]);
    const story = ordered([homeVisit, swab]);
    must(story, 'C', 'CompleteConsult', completion(story));
    expect(dueOf(story, 'disposition.limit')).toEqual([at('09:24', 1)]);
  });

  test('goes on when the visit that was open at the end of the consult comes to nothing', () => {
    const story = ordered([vitalsOnly]);
    must(story, 'C', 'CompleteConsult', completion(story));
    must(story, 'X', 'ScreenHomeSafety', { visitId: story.entityOf('VisitRequested'), answers: { ...safe, weaponAtHome: true } });
    expect(dueOf(story, 'disposition.limit')).toEqual([at('09:24', 1)]);
  });

  test('of a decision after the consult runs like any other', () => {
    const story = completed(6);
    must(story, 'C', 'DecideDisposition', { level: 4, rationaleRef: 'ref-rationale' });
    expect(dueOf(story, 'disposition.limit')).toEqual([story.now + 2 * hour]);
  });

  test('of a disposition that was superseded counts no more', () => {
    const story = decided(6);
    must(story, 'C', 'DecideDisposition', { ...consultOf(story), level: 4, rationaleRef: 'ref-rationale' });
    expect(dueOf(story, 'disposition.limit')).toEqual([at('11:24')]);
  });
});
