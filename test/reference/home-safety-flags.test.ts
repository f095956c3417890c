import { day } from '../../domain/kernel/time.ts';
import { aggregates } from '../../domain/reference/index.ts';
import { scopesAt } from '../../domain/reference/patient.ts';
import { decideOn, foldHistory, type Given, noon, person } from './scenario.ts';

const registered: readonly Given[] = [{ type: 'PatientRegistered', data: { patientId: 'p1', vaultRef: 'r1', keyId: 'k1' } }];
const give = (history: readonly Given[], type: string, data: object, role: 'S' | 'D' | 'K' = 'S') =>
  decideOn(aggregates.patient, history, type, { patientId: 'p1', reasonRef: 'r2', ...data }, { actor: person(role) });
const place = (changes: object = {}, history = registered) =>
  give(history, 'PlaceHomeSafetyFlag', { scope: 'clinicOnly', reviewAt: noon + 90 * day, ...changes });
const scopes = (history: readonly Given[], at = noon) => scopesAt(foldHistory(aggregates.patient, history), at);

describe('R-9: a flag on a home', () => {
  test('stands from its placing until it expires, which is after its review was due', () => {
    const placed = place();
    expect(placed.types).toEqual(['HomeSafetyFlagPlaced']);
    expect(placed.data[0]).toEqual({
      patientId: 'p1',
      flagId: 'flag',
      scope: 'clinicOnly',
      reviewAt: noon + 90 * day,
      expiresAt: noon + 180 * day,
      by: 'person-S',
      reasonRef: 'r2',
    });
    expect(scopes(placed.history, noon + 180 * day - 1)).toEqual(['clinicOnly']);
    expect(scopes(placed.history, noon + 180 * day)).toEqual([]);
    expect(scopes(registered)).toEqual([]);
  });

  test('is looked at again: its scope and its next review change', () => {
    const { history } = place();
    const reviewed = give(history, 'ReviewHomeSafetyFlag', { flagId: 'flag', scope: 'pairVisit', reviewAt: noon + 30 * day }, 'D');
    expect(reviewed.types).toEqual(['HomeSafetyFlagReviewed']);
    expect(scopes(reviewed.history)).toEqual(['pairVisit']);
    expect(scopes(reviewed.history, noon + 120 * day)).toEqual([]);
    expect(give(history, 'ReviewHomeSafetyFlag', { flagId: 'other', scope: 'pairVisit', reviewAt: noon + day }).refusal).toBe(
      'entity-unknown',
    );
  });

  test('is lifted once', () => {
    const { history } = place();
    const lifted = give(history, 'LiftHomeSafetyFlag', { flagId: 'flag' });
    expect(lifted.types).toEqual(['HomeSafetyFlagLifted']);
    expect(scopes(lifted.history)).toEqual([]);
    expect(give(lifted.history, 'LiftHomeSafetyFlag', { flagId: 'flag' }).refusal).toBe('entity-unknown');
  });

  test('needs a patient who is registered and a review that is still to come', () => {
    expect(place({}, []).refusal).toBe('entity-unknown');
    expect(place({ reviewAt: noon }).refusal).toBe('until-in-the-past');
  });

  test('is placed, reviewed and lifted by supervisors and dispatchers only', () => {
    for (const type of ['PlaceHomeSafetyFlag', 'ReviewHomeSafetyFlag', 'LiftHomeSafetyFlag'])
      expect(aggregates.patient.commands[type]?.roles).toEqual(['S', 'D']);
  });
});
