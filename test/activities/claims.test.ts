import { createClaims, type ExecuteOn } from '../../activities/claims.ts';
import * as journeys from '../../domain/journey/index.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import { minute } from '../../domain/kernel/time.ts';
import type { Answer, CommandMessage } from '../../workflows/messages.ts';
import { at, slot, slotId, visitAfter, visitId } from '../journeys/visit-setting.ts';
import { loadFactsOf } from './execute-setting.ts';

const parent: Actor = { kind: 'person', id: 'parent-1', role: 'X' };
const visitor: Actor = { kind: 'person', id: 'visitor-1', role: 'V' };
const hold = { type: 'HoldSlot', data: { visitId, slotId }, actor: parent };
const taken: Answer = { accepted: true, revision: 1, position: 1, events: [] };
const refused: Answer = { accepted: false, code: 'slot-taken', text: '', remedy: '', revision: 1, events: [] };

/** Asks for the claims of a command; returns what the other stream was given and what the journey's decision will know. */
async function claimed(journey: journeys.Journey, command: Parameters<ReturnType<typeof createClaims>>[1], answer: Answer = taken) {
  const given: (readonly [string, string, CommandMessage])[] = [];
  const executeOn: ExecuteOn = async (category, id, message) => {
    given.push([category, id, message]);
    return answer;
  };
  const load = createClaims(
    executeOn,
    loadFactsOf(() => ({ slot })),
  );
  return { fact: await load(journey, command, { at: at('09:26'), commandId: 'c1' }), given };
}

describe('A claim on another stream', () => {
  test('is made under an id that follows from the command’s, by the system, as of the command’s instant', async () => {
    const { journey } = visitAfter('ScreenHomeSafety');
    const { fact, given } = await claimed(journey, hold);
    expect(fact).toEqual({ granted: true });
    expect(given).toEqual([
      [
        'capacity',
        slotId.slice(0, -5),
        {
          id: 'claim:c1',
          type: 'PlaceSlotHold',
          data: { slotId, visitId, expiresAt: at('09:26') + 10 * minute },
          actor: { kind: 'system', id: 'caretrail', role: 'T' },
          source: 'owed',
          occurredAt: at('09:26'),
          causationId: 'c1',
        },
      ],
    ]);
  });

  test('that is refused tells the decision why', async () => {
    expect((await claimed(visitAfter('ScreenHomeSafety').journey, hold, refused)).fact).toEqual({ granted: false, code: 'slot-taken' });
  });

  test('of a visitor’s presence is made when the visitor arrives', async () => {
    const arrive = { type: 'ArriveAtVisit', data: { visitId, placeVerification: 'gps' }, actor: visitor };
    const { given } = await claimed(visitAfter('DepartForVisit').journey, arrive);
    expect(given).toMatchObject([['visitor', 'visitor-1', { type: 'OpenVisitorPresence', data: { visitorId: 'visitor-1', visitId } }]]);
  });

  test.each([
    ['a command that claims nothing', visitAfter('ScreenHomeSafety').journey, { ...hold, type: 'ScreenHomeSafety' }],
    ['a role that may not claim', visitAfter('ScreenHomeSafety').journey, { ...hold, actor: visitor }],
    ['a command that is refused anyway', visitAfter('BookVisit').journey, hold],
    ['a journey that nobody has asked for', journeys.initial, hold],
  ])('is not made for %s', async (_what, journey, command) => {
    expect(await claimed(journey, command)).toEqual({ fact: undefined, given: [] });
  });
});
