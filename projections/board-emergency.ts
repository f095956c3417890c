// What an emergency case waits for: the next step of whoever is on call (domain reference 5.3).
import type { EmergencyCase, EmergencyStatus, Owed } from '../domain/journey/emergency/state.ts';
import type { Journey } from '../domain/journey/index.ts';
import { deathToReport } from '../domain/journey/super-state.ts';
import type { Reason, Why } from './board-row.ts';

type Next = readonly [why: Why, unblocks: string];

const owed: Readonly<Record<Owed['duty'], Next>> = {
  callback: ['emergencyCallback', 'RecordEmergencyCall'],
  secondCallback: ['emergencyCallback', 'RecordEmergencyCall'],
  contact: ['emergencyContact', 'TryEmergencyContact'],
  welfare: ['emergencyWelfareCheck', 'RequestWelfareCheck'],
};

/** The step after each status; after any other the outcome is still to be recorded. */
const steps: Partial<Readonly<Record<EmergencyStatus, Next>>> = {
  Declared: ['emergencyLocation', 'ConfirmEmergencyLocation'],
  LocationConfirmed: ['emergencyAdvice', 'AdviseEms'],
  Advised: ['emergencyHandoff', 'GiveWarmHandoff'],
  EmsCalled: ['emergencyHandoff', 'GiveWarmHandoff'],
  WelfareCheckPending: ['emergencyWelfareCheck', 'RecordWelfareCheck'],
};

function nextOf({ called, owed: duty, status }: EmergencyCase): Next {
  if (!called) return ['emergencyOpen', 'RecordEmergencyCall'];
  if (duty) return owed[duty.duty];
  return steps[status] ?? ['emergencyOutcome', 'RecordEmergencyOutcome'];
}

export function emergencies(journey: Journey): readonly Reason[] {
  const { open } = journey.emergency;
  if (open) {
    const [why, unblocks] = nextOf(open);
    return [{ why, waitingOn: { who: 'C' }, unblocks, needsHuman: true }];
  }
  if (!deathToReport(journey)) return [];
  return [{ why: 'deathToReport', waitingOn: { who: 'K' }, unblocks: 'RecordDeath', needsHuman: true }];
}
