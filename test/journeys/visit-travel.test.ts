import { sampleFacts } from './sample-facts.ts';
import { at, dataOf, effectsOf, of, visitAfter, visitId, visitOf } from './visit-setting.ts';

const second = { ...sampleFacts.visitor, visitorId: 'visitor-2' };
const reassign = { ...of, visitorId: 'visitor-2', reason: 'sick' };

describe('Another visitor', () => {
  test('takes over a booked visit and has to accept it', () => {
    const story = visitAfter('ConfirmVisit').know({ visitor: second });
    const told = story.give('D', 'ReassignVisitor', reassign);
    expect(dataOf(told, 'VisitorReassigned')).toMatchObject({ visitId, visitorId: 'visitor-2', from: 'visitor-1', reason: 'sick' });
    expect(visitOf(story)).toMatchObject({ status: 'Confirmed', visitorId: 'visitor-2', accepted: false });
    expect(story.give('D', 'ReassignVisitor', reassign)).toMatchObject({ events: [], refusal: undefined });
    expect(story.give('V', 'DepartForVisit', { ...of, eta: at('13:40') }).refusal).toBe('not-your-role');
    story.give('V', 'AnswerAssignment', { ...of, answer: 'accepted' }, { who: 'visitor-2' });
    expect(visitOf(story).status).toBe('Assigned');
  });

  test('takes over while the first is on the way, who then arrives nowhere', () => {
    const story = visitAfter('DepartForVisit').know({ visitor: second });
    expect(story.give('D', 'ReassignVisitor', reassign).events).toEqual(['VisitorReassigned']);
    expect(story.give('V', 'ArriveAtVisit', { ...of, placeVerification: 'gps' }).refusal).toBe('not-your-role');
  });

  test('R-4: who does not fit is refused, and the first one stays', () => {
    const story = visitAfter('ConfirmVisit').know({ visitor: { ...second, onShift: false } });
    expect(dataOf(story.give('D', 'ReassignVisitor', reassign), 'VisitorAssignmentRefused')).toMatchObject({ reason: 'off-shift' });
    expect(visitOf(story)).toMatchObject({ status: 'Assigned', visitorId: 'visitor-1' });
  });

  test('takes over from somebody, and not in a home', () => {
    expect(visitAfter('BookVisit').give('D', 'ReassignVisitor', reassign).refusal).toBe('not-allowed-in-state');
    expect(visitAfter('ArriveAtVisit').give('D', 'ReassignVisitor', reassign).refusal).toBe('not-allowed-in-state');
  });
});

describe('A visitor who turns back', () => {
  test('leaves the window standing, and the next round looks for somebody else', () => {
    const story = visitAfter('DepartForVisit');
    const told = story.give('V', 'TurnBack', { ...of, reason: 'carBrokeDown' });
    expect(dataOf(told, 'VisitorTurnedBack')).toEqual({ visitId, visitorId: 'visitor-1', reason: 'carBrokeDown' });
    expect(visitOf(story)).toMatchObject({ status: 'Confirmed', accepted: false });
    expect(effectsOf(story, 'assign-visitor')).toMatchObject([{ attempt: 2, notBefore: at('13:20') }]);
    const rule = story.give('T', 'AssignVisitor', { ...of, visitorId: 'visitor-1' });
    expect(dataOf(rule, 'VisitorAssignmentRefused')).toMatchObject({ reason: 'declined-before' });
  });

  test('has to be on the way', () => {
    expect(visitAfter('ConfirmVisit').give('D', 'TurnBack', { ...of, reason: 'x' }).refusal).toBe('not-allowed-in-state');
    expect(visitAfter('ArriveAtVisit').give('V', 'TurnBack', { ...of, reason: 'x' }).refusal).toBe('not-allowed-in-state');
  });
});

describe('R-9: a home under a flag', () => {
  const flagged = (scope: 'clinicOnly' | 'pairVisit') => ({ homeSafety: { scopes: [scope] } });
  const assign = { ...of, visitorId: 'visitor-1' };

  test.each(['clinicOnly', 'pairVisit'] as const)(
    'of the scope %s keeps away whoever comes alone, at the assignment and at the departure',
    (scope) => {
      const unassigned = visitAfter('BookVisit').know(flagged(scope));
      expect(dataOf(unassigned.give('D', 'AssignVisitor', assign), 'VisitorAssignmentRefused')).toMatchObject({ reason: 'safety-flag' });
      expect(visitOf(unassigned).dispatch.declinedBy).toEqual(['visitor-1']);
      const assigned = visitAfter('ConfirmVisit').know(flagged(scope));
      const told = assigned.give('V', 'DepartForVisit', { ...of, eta: at('13:40') });
      expect(dataOf(told, 'VisitorDepartureRefused')).toMatchObject({ reason: 'safety-flag' });
      expect(dataOf(assigned.know({ visitor: second }).give('D', 'ReassignVisitor', reassign), 'VisitorAssignmentRefused')).toMatchObject({
        reason: 'safety-flag',
      });
    },
  );

  test('lets two in who work together, unless nobody may go there', () => {
    const pair = { ...sampleFacts.visitor, skills: ['swab', 'pairVisit'] };
    expect(
      visitAfter('BookVisit')
        .know({ ...flagged('pairVisit'), visitor: pair })
        .give('D', 'AssignVisitor', assign).events,
    ).toEqual(['VisitorAssigned']);
    expect(
      visitAfter('BookVisit')
        .know({ ...flagged('clinicOnly'), visitor: pair })
        .give('D', 'AssignVisitor', assign).events,
    ).toEqual(['VisitorAssignmentRefused']);
  });
});

describe('R-4: a vaccine', () => {
  const order = { tasks: [{ taskRef: 'shot', kind: 'vaccine' as const, orderId: 'imm1' }] } as never;
  const nurse = { ...sampleFacts.visitor, skills: ['swab', 'vaccination'], supplies: ['vaccine-cooler'] };

  test('goes only with somebody who may give it and carries a cooler', () => {
    for (const [lacks, reason] of [
      [{ skills: ['swab'] }, 'skill-missing'],
      [{ supplies: ['strep-test'] }, 'supplies-missing'],
    ] as const) {
      const story = visitAfter('BookVisit', order, { visitor: { ...nurse, ...lacks } });
      const told = story.give('D', 'AssignVisitor', { ...of, visitorId: 'visitor-1' });
      expect(dataOf(told, 'VisitorAssignmentRefused')).toMatchObject({ reason });
    }
  });

  test('leaves only in a cooler that somebody has looked at', () => {
    const story = visitAfter('ConfirmVisit', order, { visitor: nurse });
    const depart = (coldChainOk?: boolean) => story.give('V', 'DepartForVisit', { ...of, eta: at('13:40'), coldChainOk });
    expect(dataOf(depart(), 'VisitorDepartureRefused')).toMatchObject({ reason: 'cold-chain-not-proven' });
    expect(dataOf(depart(false), 'VisitorDepartureRefused')).toMatchObject({ reason: 'cold-chain-not-proven' });
    expect(dataOf(depart(true), 'VisitorDeparted')).toMatchObject({ coldChainOk: true });
  });
});
