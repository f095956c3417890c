import type { VisitorFact } from '../../domain/journey/facts.ts';
import { openChildren } from '../../domain/journey/super-state.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';
import {
  at,
  dataOf,
  dueOf,
  effectsOf,
  happens,
  of,
  siteVisitBooked,
  slot,
  slotId,
  visitAfter,
  visitId,
  visitOf,
  window,
} from './visit-setting.ts';

const assign = { ...of, visitorId: 'visitor-1' };

describe('The confirmation', () => {
  test('given a booked visit, when it is confirmed, then reminders stop; a second time nothing happens', () => {
    const story = visitAfter('BookVisit');
    expect(effectsOf(story, 'send-notice').filter(({ entityId }) => entityId.includes('reminder'))).toHaveLength(1);
    expect(story.give('X', 'ConfirmVisit', of).events).toEqual(['VisitConfirmed']);
    expect(visitOf(story).status).toBe('Confirmed');
    expect(effectsOf(story, 'send-notice').filter(({ entityId }) => entityId.includes('reminder'))).toEqual([]);
    expect(story.give('X', 'ConfirmVisit', of)).toMatchObject({ events: [], refusal: undefined });
  });

  test('given a visit at a site or one that is not booked, then there is nothing to confirm', () => {
    expect(siteVisitBooked().give('X', 'ConfirmVisit', of).refusal).toBe('not-allowed-in-state');
    expect(visitAfter('HoldSlot').give('X', 'ConfirmVisit', of).refusal).toBe('not-allowed-in-state');
  });

  test('given nobody confirms until an hour before the window, then that is recorded once and may still be mended', () => {
    const story = visitAfter('BookVisit');
    expect(dueOf(story, 'visit.unconfirmed')).toEqual([at('12:00')]);
    expect(story.elapse('visit.unconfirmed').events).toEqual(['VisitConfirmationMissed']);
    expect(dueOf(story, 'visit.unconfirmed')).toEqual([]);
    expect(story.give('X', 'ConfirmVisit', of).events).toEqual(['VisitConfirmed']);
  });

  test('given a booking less than an hour before the window, then no confirmation is waited for', () => {
    const soon = { from: at('10:00'), to: at('12:00') };
    expect(dueOf(visitAfter('BookVisit', {}, { slot: { ...slot, window: soon } }), 'visit.unconfirmed')).toEqual([]);
  });

  test('given both marks in either order, then the state shown is Assigned', () => {
    expect(visitOf(visitAfter('ConfirmVisit')).status).toBe('Assigned');
    const story = visitAfter('AssignVisitor');
    story.give('X', 'ConfirmVisit', of);
    expect(visitOf(story).status).toBe('Confirmed');
    story.give('V', 'AnswerAssignment', { ...of, answer: 'accepted' });
    expect(visitOf(story).status).toBe('Assigned');
  });
});

describe('Reminders', () => {
  const reminders = (story: Story) => effectsOf(story, 'send-notice').filter(({ entityId }) => entityId.startsWith(visitId));

  test('given a window in four hours, then only the reminder two hours before it is sent, once', () => {
    const story = visitAfter('BookVisit');
    const reminder = {
      id: 'notice.visit-1.reminder-2',
      attempt: 1,
      kind: 'send-notice',
      entityId: 'visit-1.reminder-2',
      notBefore: at('11:00'),
    };
    expect(reminders(story)).toEqual([reminder]);
    story.give('A', 'RecordNotice', {
      noticeId: 'visit-1.reminder-2',
      status: 'sent',
      kind: 'visitReminder',
      recipientRole: 'P',
      channel: 'push',
      textVersion: 1,
    });
    expect(reminders(story)).toEqual([]);
  });

  test('given a window in three days, then both reminders are planned; at a site none is', () => {
    const far = { from: at('13:00', 3), to: at('15:00', 3) };
    const feePolicy = { freeUntil: at('13:00', 2), feeCents: 0 };
    const story = happens(visitAfter('HoldSlot'), {
      type: 'VisitScheduled',
      data: { visitId, slotId, window: far, by: 'parent-1', feePolicy },
    });
    expect(reminders(story).map(({ notBefore }) => notBefore)).toEqual([at('13:00', 2), at('11:00', 3)]);
    expect(reminders(siteVisitBooked())).toEqual([]);
  });
});

describe('The assignment', () => {
  const unfit: readonly [string, Partial<VisitorFact>, string][] = [
    ['whose shift is over', { onShift: false }, 'off-shift'],
    ['without a licence there', { states: ['OR'] }, 'licence-missing'],
    ['without the skill', { skills: [] }, 'skill-missing'],
    ['without the supplies', { supplies: [] }, 'supplies-missing'],
  ];

  test.each(unfit)('R-4: given a visitor %s, then the assignment is refused and the next round tries again', (_, lacks, reason) => {
    const story = visitAfter('BookVisit', {}, { visitor: { ...sampleFacts.visitor, ...lacks } });
    story.now = at('09:40');
    const told = story.give('T', 'AssignVisitor', assign);
    expect(told.refusal).toBeUndefined();
    expect(dataOf(told, 'VisitorAssignmentRefused')).toEqual({ visitId, visitorId: 'visitor-1', reason });
    expect(effectsOf(story, 'assign-visitor')).toMatchObject([{ attempt: 2, notBefore: at('10:00') }]);
  });

  test.each(unfit)('R-4: given a visitor %s at the departure, then the departure is refused', (_, lacks, reason) => {
    const story = visitAfter('ConfirmVisit').know({ visitor: { ...sampleFacts.visitor, ...lacks } });
    const told = story.give('V', 'DepartForVisit', { ...of, eta: at('13:40') });
    expect(dataOf(told, 'VisitorDepartureRefused')).toEqual({ visitId, visitorId: 'visitor-1', reason });
    expect(visitOf(story).status).toBe('Assigned');
  });

  test('given a visitor was assigned, then the same again is nothing, another is refused and no round follows', () => {
    const story = visitAfter('AssignVisitor');
    expect(story.give('D', 'AssignVisitor', assign)).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('D', 'AssignVisitor', { ...of, visitorId: 'visitor-2' }).refusal).toBe('not-allowed-in-state');
    expect(effectsOf(story, 'assign-visitor')).toEqual([]);
  });

  test('given the visitor declines, then the next round tries again, and the rule never asks the same one', () => {
    const story = visitAfter('AssignVisitor');
    story.now = at('10:00');
    const told = story.give('V', 'AnswerAssignment', { ...of, answer: 'declined', reason: 'sick' });
    expect(dataOf(told, 'VisitorDeclined')).toEqual({ visitId, visitorId: 'visitor-1', reason: 'sick' });
    expect(visitOf(story).visitorId).toBeUndefined();
    expect(effectsOf(story, 'assign-visitor')).toMatchObject([{ attempt: 2, notBefore: at('10:20') }]);
    expect(dataOf(story.give('T', 'AssignVisitor', assign), 'VisitorAssignmentRefused')).toMatchObject({ reason: 'declined-before' });
    expect(story.give('D', 'AssignVisitor', assign).events).toEqual(['VisitorAssigned']);
  });

  test('given the visitor has accepted, then accepting again is nothing and declining is refused', () => {
    const story = visitAfter('AnswerAssignment');
    expect(story.give('V', 'AnswerAssignment', { ...of, answer: 'accepted' })).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('V', 'AnswerAssignment', { ...of, answer: 'declined' }).refusal).toBe('not-allowed-in-state');
  });

  test('given another visitor, then the visit is not theirs', () => {
    const answer = { ...of, answer: 'accepted' };
    expect(visitAfter('AssignVisitor').give('V', 'AnswerAssignment', answer, { who: 'visitor-2' }).refusal).toBe('not-your-role');
  });

  test('given a visit at a site, then nobody is sent', () => {
    const story = siteVisitBooked();
    expect(story.give('D', 'AssignVisitor', assign).refusal).toBe('not-allowed-in-state');
    expect(effectsOf(story, 'assign-visitor')).toEqual([]);
  });
});

describe('On the way', () => {
  test('given a departure with an arrival after the window, then the delay is told at once', () => {
    const story = visitAfter('ConfirmVisit');
    expect(story.give('V', 'DepartForVisit', { ...of, eta: at('15:01') }).events).toEqual(['VisitorDeparted', 'VisitorDelayed']);
  });

  test('given no accepted assignment, then nobody departs', () => {
    expect(visitAfter('AssignVisitor').give('V', 'DepartForVisit', { ...of, eta: at('13:40') }).refusal).toBe('not-allowed-in-state');
  });

  test('given a new time of arrival, then it is revised inside the window and a delay after it', () => {
    const story = visitAfter('DepartForVisit');
    const revised = story.give('D', 'ReviseEta', { ...of, eta: at('15:00'), reason: 'traffic' });
    expect(dataOf(revised, 'EtaRevised')).toEqual({ visitId, visitorId: 'visitor-1', eta: at('15:00'), reason: 'traffic' });
    expect(story.give('V', 'ReviseEta', { ...of, eta: at('15:10') }).events).toEqual(['VisitorDelayed']);
    expect(story.give('V', 'ReviseEta', { ...of, eta: at('15:10') }, { who: 'visitor-2' }).refusal).toBe('not-your-role');
    expect(visitAfter('BookVisit').give('D', 'ReviseEta', { ...of, eta: at('14:00') }).refusal).toBe('not-allowed-in-state');
    expect(dueOf(story, 'visit.late')).toEqual([window.to]);
  });

  test('given nobody has arrived when the window ends, then the delay is recorded once', () => {
    const story = visitAfter('DepartForVisit');
    const told = story.elapse('visit.late');
    expect(story.now).toBe(at('15:00'));
    expect(dataOf(told, 'VisitorDelayed')).toEqual({ visitId, visitorId: 'visitor-1', reason: 'window-ended' });
    expect(dueOf(story, 'visit.late')).toEqual([]);
  });

  test('given nobody was ever found to go, then the delay names nobody', () => {
    expect(dataOf(visitAfter('BookVisit').elapse('visit.late'), 'VisitorDelayed')).toEqual({ visitId, reason: 'window-ended' });
  });

  test('I-8: given the visitor is present elsewhere, then the arrival is refused', () => {
    const story = visitAfter('DepartForVisit').know({ claim: { granted: false, code: 'visitor-elsewhere' } });
    expect(story.give('V', 'ArriveAtVisit', { ...of, placeVerification: 'gps' }).refusal).toBe('visitor-elsewhere');
  });

  test('given the visitor has arrived, then no delay is waited for and the timer runs for the planned time and a quarter of an hour', () => {
    const story = visitAfter('ArriveAtVisit');
    expect(dueOf(story, 'visit.late')).toEqual([]);
    expect(dueOf(story, 'loneworker')).toEqual([at('14:40')]);
    expect(story.give('V', 'ArriveAtVisit', { ...of, placeVerification: 'gps' }).refusal).toBe('not-allowed-in-state');
  });

  test('given a visit at a site, when the patient checks in, then it has arrived without a timer', () => {
    const story = siteVisitBooked();
    expect(dueOf(story, 'visit.late')).toEqual([window.to]);
    const told = story.give('P', 'CheckInAtSite', of);
    expect(dataOf(told, 'PatientCheckedIn')).toEqual({ visitId, at: at('09:25'), placeVerification: 'self' });
    expect(story.deadlines()).not.toContainEqual(expect.stringMatching(/^(visit\.late|loneworker)@/));
    expect(openChildren(story.journey)).toEqual([visitId]);
  });

  test('given a home visit, or a visit at a site without a booking, then nobody checks in', () => {
    expect(visitAfter('BookVisit').give('P', 'CheckInAtSite', of).refusal).toBe('not-allowed-in-state');
  });

  test('given somebody of the site checks the patient in, then the staff vouches for the place', () => {
    expect(dataOf(siteVisitBooked().give('V', 'CheckInAtSite', of), 'PatientCheckedIn')).toMatchObject({ placeVerification: 'site-staff' });
  });
});
