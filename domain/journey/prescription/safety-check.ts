// What the safety check makes of a prescription.
import type { Happened } from '../../kernel/event.ts';
import type { JourneyEvent } from '../events.ts';
import type { Alert } from './events.ts';
import { isUnsigned, type Prescription, type RaisedAlert, settled } from './standing.ts';

/** this alert takes a second clinician. */
export const needsSecond = ({ kind }: Alert): boolean => kind === 'contraindicatedPair' || kind === 'anaphylaxis';

/** The safety check and its alerts. */
export function checked(rx: Prescription, { type, data }: Happened<JourneyEvent>): Prescription {
  const answered = (checkId: string, status: 'completed' | 'notCompleted'): Prescription =>
    rx.check?.checkId === checkId ? { ...rx, check: { checkId, status } } : rx;
  const answeredAlert = (alertId: string, patch: Partial<RaisedAlert>): Prescription => {
    const alert = rx.alerts[alertId];
    return alert ? draftState({ ...rx, alerts: { ...rx.alerts, [alertId]: { ...alert, ...patch } } }) : rx;
  };
  switch (type) {
    case 'RxSafetyCheckRequested':
      // A new check sees everything anew, so it replaces what an older one found.
      return draftState({
        ...rx,
        check: { checkId: data.checkId, status: 'running' },
        checkIds: [...rx.checkIds, data.checkId],
        alerts: {},
      });
    case 'RxSafetyCheckPassed':
      return draftState(answered(data.checkId, 'completed'));
    case 'RxSafetyCheckNotCompleted':
      return rx.check?.status === 'running' ? draftState(answered(data.checkId, 'notCompleted')) : rx;
    case 'RxSafetyAlertRaised': {
      const { alertId, severity, kind, checkId } = data;
      const after = answered(checkId, 'completed');
      return draftState({ ...after, alerts: { ...rx.alerts, [alertId]: { severity, kind } } });
    }
    case 'RxSafetyAlertOverridden':
      return answeredAlert(data.alertId, { overriddenBy: data.clinicianId });
    case 'RxOverrideApproved':
      return answeredAlert(data.alertId ?? '', { approvedBy: data.clinicianId });
    case 'RxSafetyCheckOverridden':
      return rx.check ? draftState({ ...rx, check: { ...rx.check, status: 'overridden' } }) : rx;
    default:
      return rx;
  }
}

export type Hindrance = 'check-missing' | 'alert-open' | 'second-clinician-missing';

/** What the safety check still has against a signature. */
export function hindrance({ check, alerts }: Prescription): Hindrance | undefined {
  if (!check || check.status === 'running' || check.status === 'notCompleted') return 'check-missing';
  const all = Object.values(alerts);
  if (all.some(({ overriddenBy }) => overriddenBy === undefined)) return 'alert-open';
  return all.some((alert) => needsSecond(alert) && alert.approvedBy === undefined) ? 'second-clinician-missing' : undefined;
}

/** Before the signature the state follows from the check and its alerts alone; after it they are only known. */
function draftState(rx: Prescription): Prescription {
  if (!isUnsigned(rx)) return rx;
  const open = hindrance(rx);
  if (open === undefined) return settled({ ...rx, reached: 'ReadyToSign' });
  if (open !== 'check-missing') return settled({ ...rx, reached: 'AlertRaised' });
  return settled({ ...rx, reached: rx.check?.status === 'notCompleted' ? 'CheckBlocked' : 'SafetyChecking' });
}
