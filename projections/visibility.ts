// What of a journey is not meant for the patient: the safety of those who come to the home.
import type { Role } from '../domain/kernel/actor.ts';

/** As much of an event as the question needs. */
interface Event {
  readonly type: string;
  readonly commandType: string;
  readonly data: object;
}

const hiddenTypes =
  /^(DuressSignalled|UnsafeConditionReported|LoneWorker\w+|Escalation(Raised|Acknowledged)|HomeSafetyFlag\w+|Incident(Opened|Closed))$/;
const hiddenCommands: readonly string[] = ['SignalDuress', 'ReportUnsafeCondition', 'AnswerLoneWorkerCheck', 'ExtendLoneWorkerTimer'];

/** True for an event that the patient and the proxy may see. Duress must never show, nor what it led to. */
export function patientMaySee({ type, commandType, data }: Event): boolean {
  if (hiddenTypes.test(type) || hiddenCommands.includes(commandType)) return false;
  const { clock = '', reason = '' } = data as { readonly clock?: string; readonly reason?: string };
  // What keeps a visitor from a home is for those who plan the visits.
  if (reason === 'safety-flag') return false;
  return type !== 'SlaBreached' || !clock.startsWith('loneworker');
}

/** The events that somebody in this role may see. */
export const seenBy = (role: Role): ((event: Event) => boolean) => (role === 'P' || role === 'X' ? patientMaySee : () => true);
