import { owedBy } from '../../domain/owed.ts';
import { noon, person } from '../reference/scenario.ts';

const opener = person('C', 'clinician-1');
const owing = (stream: string, type: string, data: object) =>
  owedBy({ id: 'event-1', stream, type, data, entityId: 'x', occurredAt: noon, tenant: 'e1', patient: 'p1', actor: opener });
const sent = (stream: string, type: string, data: object) =>
  owing(stream, type, data).map(({ target, command }) => [`${target.category}-${target.id}`, command.type, command.data]);

const slot = { slotId: 'sea-north_2026-10-06_1300', visitId: 'v1' };
const day = 'capacity-sea-north_2026-10-06';
const message = { messageId: 'm1', journeyId: 'j1', revision: 4 };

describe('what an event owes to other streams', () => {
  test.each([
    [
      'a queued consult opens its conversation',
      ['journey-j1', 'ConsultQueued', { consultId: 'c1', modality: 'async' }],
      [
        [
          'conversation-c1',
          'OpenConversation',
          { conversationId: 'c1', journeyId: 'j1', employerId: 'e1', patientId: 'p1', postableFrom: noon },
        ],
      ],
    ],
    [
      'the follow-up window goes to the conversation of its consult',
      ['journey-j1', 'FollowUpWindowOpened', { anchorEventId: 'a', until: noon + 1, conversationId: 'c1' }],
      [['conversation-c1', 'SetConversationWindow', { conversationId: 'c1', postableFrom: noon, postableUntil: noon + 1 }]],
    ],
    [
      'a window that closes closes it',
      ['journey-j1', 'FollowUpWindowClosed', { anchorEventId: 'a', until: noon, conversationId: 'c1' }],
      [['conversation-c1', 'CloseConversation', { conversationId: 'c1' }]],
    ],
    ['a window without a conversation owes nothing', ['journey-j1', 'FollowUpWindowOpened', { anchorEventId: 'a', until: noon }], []],
    [
      'a closed journey closes the conversations that it names',
      ['journey-j1', 'JourneyClosed', { outcome: 'Resolved', conversationIds: ['c1', 'c2'] }],
      [
        ['conversation-c1', 'CloseConversation', { conversationId: 'c1' }],
        ['conversation-c2', 'CloseConversation', { conversationId: 'c2' }],
      ],
    ],
    ['a scheduled visit books its slot', ['journey-j1', 'VisitScheduled', { ...slot, by: 'x' }], [[day, 'BookSlot', slot]]],
    [
      'a visit that was moved books its new slot before it gives the old one back',
      ['journey-j1', 'VisitRescheduled', { ...slot, from: { slotId: 'sea-north_2026-10-07_0900' }, by: 'x' }],
      [
        [day, 'BookSlot', slot],
        ['capacity-sea-north_2026-10-07', 'EndSlotHold', { ...slot, slotId: 'sea-north_2026-10-07_0900' }],
        ['capacity-sea-north_2026-10-07', 'FreeSlot', { ...slot, slotId: 'sea-north_2026-10-07_0900' }],
      ],
    ],
    [
      'a longer window goes to the conversation too',
      ['journey-j1', 'FollowUpWindowExtended', { anchorEventId: 'a', openedAt: noon - 1, until: noon + 2, conversationId: 'c1' }],
      [['conversation-c1', 'SetConversationWindow', { conversationId: 'c1', postableFrom: noon - 1, postableUntil: noon + 2 }]],
    ],
    [
      'and so does one without an end',
      ['journey-j1', 'FollowUpWindowExtended', { anchorEventId: 'a', openedAt: noon - 1, conversationId: 'c1' }],
      [['conversation-c1', 'SetConversationWindow', { conversationId: 'c1', postableFrom: noon - 1 }]],
    ],
    [
      'a child journey is asked for on its own stream',
      [
        'journey-j1',
        'ChildJourneyOpened',
        { childJourneyId: 'j2', reasonCode: 'rash', templateId: 'skin', modality: 'async', zone: 'UTC' },
      ],
      [
        [
          'journey-j2',
          'StartJourney',
          {
            patientId: 'p1',
            employerId: 'e1',
            entryPoint: 'clinicianReferral',
            templateId: 'skin',
            modality: 'async',
            zone: 'UTC',
            parentJourneyId: 'j1',
          },
        ],
      ],
    ],
    ['a hold that has expired is ended', ['journey-j1', 'SlotHoldExpired', slot], [[day, 'EndSlotHold', slot]]],
    [
      'a released slot is given back, held or booked',
      ['journey-j1', 'SlotReleased', slot],
      [
        [day, 'EndSlotHold', slot],
        [day, 'FreeSlot', slot],
      ],
    ],
    [
      'a visitor who has arrived is present for certain',
      ['journey-j1', 'LoneWorkerTimerStarted', { visitId: 'v1', visitorId: 'w1', dueAt: noon }],
      [['visitor-w1', 'OpenVisitorPresence', { visitorId: 'w1', visitId: 'v1', confirms: true }]],
    ],
    [
      'a visitor who has left is present no more',
      ['journey-j1', 'VisitorLeftHome', { visitId: 'v1', visitorId: 'w1', at: noon }],
      [['visitor-w1', 'CloseVisitorPresence', { visitorId: 'w1', visitId: 'v1' }]],
    ],
    [
      'a changed turn is noted on the journey',
      ['conversation-c1', 'ClinicianMessagePosted', { ...message, turn: 'clinician', clinicianId: 'd1' }],
      [['journey-j1', 'NoteConversationTurn', { conversationId: 'c1', turn: 'clinician', revision: 4, clinicianId: 'd1' }]],
    ],
    [
      'a turn that the window found is noted too',
      ['conversation-c1', 'ConversationWindowSet', { journeyId: 'j1', turn: 'patient', revision: 5 }],
      [['journey-j1', 'NoteConversationTurn', { conversationId: 'c1', turn: 'patient', revision: 5 }]],
    ],
    ['a message that changes no turn is nobody else’s business', ['conversation-c1', 'PatientMessagePosted', message], []],
    [
      'a danger in a message is raised on the journey',
      ['conversation-c1', 'MessageRedFlagDetected', { messageId: 'm1', journeyId: 'j1', ruleId: 'msg-chest', ruleVersion: 1 }],
      [['journey-j1', 'RaiseRedFlag', { ruleId: 'msg-chest', ruleVersion: 1, source: 'message', sourceRef: 'm1' }]],
    ],
    ['an event of another kind owes nothing', ['journey-j1', 'ScreeningStarted', {}], []],
    ['an event of the same name on another stream owes nothing', ['visitor-j1', 'VisitScheduled', slot], []],
  ] as const)('%s', (_what, [stream, type, data], expected) => {
    expect(sent(stream, type, data)).toEqual(expected);
  });

  test('is given by the system, but a child journey in the name of the clinician who opens it', () => {
    const child = { childJourneyId: 'j2', reasonCode: 'rash', templateId: 'skin', modality: 'async', zone: 'UTC' };
    expect(owing('journey-j1', 'SlotReleased', slot).map(({ command }) => command.actor)).toEqual([undefined, undefined]);
    expect(owing('journey-j1', 'ChildJourneyOpened', child).map(({ command }) => command.actor)).toEqual([opener]);
  });

  test('has an id that follows from the event, and its instant', () => {
    expect(owing('journey-j1', 'SlotReleased', slot).map(({ command }) => [command.id, command.occurredAt])).toEqual([
      ['owed:event-1:0', noon],
      ['owed:event-1:1', noon],
    ]);
  });
});
