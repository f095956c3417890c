// Worked journey J-2 of the domain reference: chest pain in the questionnaire.
import { instantOf } from '../../domain/kernel/calendar.ts';
import type { Cast, EntityOf, WorkedStep } from './step.ts';

type Data = WorkedStep['data'];
type Step = (
  time: readonly [time: string, day?: number],
  role: WorkedStep['role'],
  command: string,
  data: Data,
  ...events: string[]
) => void;

/** Every command of J-2 in order, with the events that it leaves (notices left out). The patient is an adult and acts alone. */
export function j2(cast: Cast): readonly WorkedStep[] {
  const steps: WorkedStep[] = [];
  const [year = 0, month = 1, date = 1] = cast.firstDay.split('-').map(Number);
  const step: Step = ([time, day = 0], role, command, data, ...events) => {
    const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
    const at = instantOf({ year, month, day: date + day, hour, minute }, cast.zone) + second * 1_000;
    steps.push({ at, role, command, data, events });
  };
  intake(cast, step);
  call(step);
  search(step);
  return steps;
}

/** Chest pain, and no other danger. */
const answers = { chestPain: true, troubleBreathing: false, selfHarmThoughts: false, fainted: false };

function intake({ patientId, employerId, areaKey, zone }: Cast, step: Step): void {
  const start = { patientId, employerId, entryPoint: 'app', templateId: 'anxiety', modality: 'video', zone };
  step(['22:00'], 'P', 'StartJourney', () => start, 'JourneyRequested');
  step(
    ['22:01'],
    'P',
    'VerifyIdentity',
    (_, ref) => ({ method: 'knowledge', identifiersRef: ref('identifiers') }),
    'PatientIdentityVerified',
    'ScreeningStarted',
  );
  step(
    ['22:02'],
    'P',
    'AttestLocation',
    (_, ref) => ({ state: 'WA', areaKey, addressRef: ref('address') }),
    'PatientLocationAttested',
    'EligibilityCheckRequested',
  );
  step(
    ['22:02'],
    'A',
    'RecordEligibility',
    (of) => ({ checkId: of('EligibilityCheckRequested'), attempt: 1, outcome: 'confirmed' }),
    'EligibilityConfirmed',
  );
  step(
    ['22:04'],
    'P',
    'SubmitQuestionnaire',
    (_, ref) => ({ version: 1, codedAnswers: answers, answersRef: ref('answers') }),
    'IntakeQuestionnaireCompleted',
    'RedFlagRaised',
    'EmergencyDeclared',
    'EmergencyTextShown',
  );
  step(['22:04:20'], 'P', 'AcknowledgeEmergencyText', (of) => ({ textId: of('EmergencyTextShown') }), 'EmergencyTextAcknowledged');
}

const onCase = (of: EntityOf) => ({ caseId: of('EmergencyDeclared') });

/** The patient is reached and declines the emergency services. */
function call(step: Step): void {
  step(['22:07'], 'C', 'RecordEmergencyCall', (of) => ({ ...onCase(of), reached: true }), 'EmergencyCallMade');
  step(
    ['22:08'],
    'C',
    'ConfirmEmergencyLocation',
    (of, ref) => ({ ...onCase(of), addressRef: ref('address') }),
    'EmergencyLocationConfirmed',
  );
  step(['22:09'], 'C', 'AdviseEms', onCase, 'EmsAdvised');
  step(
    ['22:10'],
    'C',
    'RecordEmsRefusal',
    (of, ref) => ({ ...onCase(of), refusalRef: ref('informed refusal'), capacityStated: true }),
    'EmsDeclinedByPatient',
  );
}

/** The callback reaches nobody, and the welfare check finds the patient. */
function search(step: Step): void {
  step(['22:40'], 'C', 'RecordEmergencyCall', (of) => ({ ...onCase(of), reached: false }), 'EmergencyCallMade');
  step(
    ['22:41'],
    'C',
    'TryEmergencyContact',
    (of, ref) => ({ ...onCase(of), contactRef: ref('emergency contact'), outcome: 'no-answer' }),
    'EmergencyContactTried',
  );
  step(['23:11'], 'C', 'RequestWelfareCheck', (of, ref) => ({ ...onCase(of), agencyRef: ref('agency') }), 'WelfareCheckRequested');
  step(['23:50'], 'C', 'RecordWelfareCheck', (of) => ({ ...onCase(of), outcome: 'taken-to-ed' }), 'WelfareCheckCompleted');
  step(
    ['00:20', 1],
    'C',
    'RecordEmergencyOutcome',
    (of) => ({ ...onCase(of), outcome: 'arrivedAtEd' }),
    'EmergencyOutcomeRecorded',
    'TaskOpened',
    'ClosureRequested',
    'JourneyClosed',
  );
}
