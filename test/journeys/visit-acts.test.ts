import type { VisitTask } from '../../domain/journey/visit/events.ts';
import { sampleFacts } from './sample-facts.ts';
import type { Story } from './story.ts';
import { at, dataOf, of, siteVisitBooked, visitAfter, visitId, visitOf } from './visit-setting.ts';

const all: readonly VisitTask[] = [
  { taskRef: 'a', kind: 'esi' },
  { taskRef: 'b', kind: 'exam' },
  { taskRef: 'c', kind: 'vaccine', orderId: 'imm1' },
  { taskRef: 'd', kind: 'assessment' },
  { taskRef: 'e', kind: 'careGaps' },
];
const nurse = { ...sampleFacts.visitor, skills: ['swab', 'triage', 'physical-exam', 'vaccination'], supplies: ['vaccine-cooler'] };

/** A visit with one task of each kind, in progress. */
function started(visitor = nurse): Story {
  const story = visitAfter('ConfirmVisit', { tasks: all } as never, { visitor: nurse });
  story.now = at('13:10');
  for (const [type, data] of [
    ['DepartForVisit', { eta: at('13:40'), coldChainOk: true }],
    ['ArriveAtVisit', { placeVerification: 'gps' }],
    ['RecordDoorOutcome', { answered: true }],
    ['IdentifyPatientAtVisit', { identifierKinds: ['name', 'dateOfBirth'], matches: true }],
    ['StartVisit', {}],
  ] as const)
    story.give('V', type, { ...of, ...data });
  return story.know({ visitor });
}

const vaccine = { orderId: 'imm1', cvx: '140', lot: 'L1', expiry: at('00:00', 90), site: 'left-deltoid', coldChainOk: true };
const acts = [
  ['AssignEsi', { level: 3, decisionPoint: 'C' }, 'EsiAssigned', 'a', 'triage'],
  ['RecordExamFinding', { findingCode: 'tonsillar-exudate', noteRef: 'note-1' }, 'ExamFindingRecorded', 'b', 'physical-exam'],
  ['AdministerVaccine', vaccine, 'VaccineAdministered', 'c', 'vaccination'],
  ['CompleteAssessment', { instrument: 'phq-9', version: 1, ref: 'assessment-1' }, 'StructuredAssessmentCompleted', 'd', 'swab'],
  ['ListCareGaps', { ref: 'gaps-1', gapCodes: ['flu-shot'] }, 'CareGapsListed', 'e', 'swab'],
] as const;

describe.each(acts)('%s', (type, data, event, taskRef, skill) => {
  test('records the act and does its task', () => {
    const story = started();
    const told = story.give('V', type, { ...of, ...data });
    expect(told.events).toEqual([event]);
    expect(dataOf(told, event)).toEqual({ visitId, ...data });
    expect(visitOf(story).openTasks).toEqual(all.map((task) => task.taskRef).filter((ref) => ref !== taskRef));
  });

  test('outside the scope of the visitor is refused, and that is recorded', () => {
    const told = started({ ...nurse, skills: nurse.skills.filter((known) => known !== skill) }).give('V', type, { ...of, ...data });
    expect([told.refusal, ...told.events]).toEqual(['scope-exceeded', 'ClinicalActRefused']);
    expect(dataOf(told, 'ClinicalActRefused')).toMatchObject({ commandType: type, entityId: visitId, reason: 'scope-exceeded' });
  });

  test('R-20: by a clinician without a licence there is refused', () => {
    const story = started().know({ clinician: { ...sampleFacts.clinician, licences: [] } });
    expect(story.give('C', type, { ...of, ...data })).toMatchObject({ refusal: 'licence-not-valid-here', events: ['ClinicalActRefused'] });
  });

  test('before the visit has started is refused', () => {
    expect(visitAfter('IdentifyPatientAtVisit').give('V', type, { ...of, ...data }).refusal).toBe('not-allowed-in-state');
  });
});

describe('The severity index', () => {
  const assign = (story: Story, role: 'V' | 'C', level: number, decisionPoint: string) =>
    story.give(role, 'AssignEsi', { ...of, level, decisionPoint });

  test('has the levels of its decision points, and no others', () => {
    for (const [decisionPoint, levels] of [
      ['A', [1]],
      ['B', [2]],
      ['C', [3, 4, 5]],
      ['D', [2, 3]],
    ] as const)
      for (const level of [1, 2, 3, 4, 5]) {
        const given = () => assign(started(), 'V', level, decisionPoint).events;
        if ((levels as readonly number[]).includes(level)) expect(given()).toEqual(['EsiAssigned']);
        else expect(given).toThrow('is no level of this decision point');
      }
  });

  test('is given from afar only by a clinician who has joined', () => {
    const story = started();
    expect(assign(story, 'C', 2, 'B').refusal).toBe('not-allowed-in-state');
    story.give('C', 'JoinRemoteClinician', of);
    expect(dataOf(assign(story, 'C', 2, 'B'), 'EsiAssigned')).toMatchObject({ licenceBasis: { licenceId: 'lic-wa' } });
  });
});

describe('A vaccine', () => {
  const give = (changes: object) => started().give('V', 'AdministerVaccine', { ...of, ...vaccine, ...changes });

  test('is given only if it stayed cold, is in date, and was ordered for this visit', () => {
    expect(give({ coldChainOk: false }).refusal).toBe('cold-chain-not-proven');
    expect(give({ expiry: at('13:10') }).refusal).toBe('lot-expired');
    expect(give({ orderId: 'imm2' }).refusal).toBe('entity-unknown');
  });

  test('is given once', () => {
    const story = started();
    story.give('V', 'AdministerVaccine', { ...of, ...vaccine });
    expect(story.give('V', 'AdministerVaccine', { ...of, ...vaccine }).refusal).toBe('not-allowed-in-state');
  });
});

describe('A clinician from afar', () => {
  test('joins under a licence for where the patient is, once', () => {
    const story = visitAfter('RecordDoorOutcome');
    const told = story.give('C', 'JoinRemoteClinician', of);
    expect(told.events).toEqual(['LicenceVerified', 'RemoteClinicianJoined']);
    expect(dataOf(told, 'RemoteClinicianJoined')).toEqual({ visitId, clinicianId: 'clinician-1' });
    expect(dataOf(told, 'LicenceVerified')).toMatchObject({ state: 'WA', licenceId: 'lic-wa' });
    expect(story.give('C', 'JoinRemoteClinician', of)).toMatchObject({ events: [], refusal: undefined });
  });

  test('without one is refused, and that is recorded', () => {
    const story = visitAfter('RecordDoorOutcome').know({ clinician: { ...sampleFacts.clinician, groupStates: [] } });
    const told = story.give('C', 'JoinRemoteClinician', of);
    expect([told.refusal, ...told.events]).toEqual(['licence-not-valid-here', 'LicenceGateRefused']);
  });

  test('joins nothing that has not begun or is over', () => {
    expect(visitAfter('DepartForVisit').give('C', 'JoinRemoteClinician', of).refusal).toBe('not-allowed-in-state');
    expect(visitAfter('EndVisit').give('C', 'JoinRemoteClinician', of).refusal).toBe('not-allowed-in-state');
  });

  test('is on the spot at a site, where the index needs nobody to join', () => {
    const story = siteVisitBooked();
    story.give('V', 'CheckInAtSite', of);
    story.give('V', 'IdentifyPatientAtVisit', { ...of, identifierKinds: ['name', 'photoId'], matches: true });
    story.give('V', 'StartVisit', of);
    expect(story.give('C', 'AssignEsi', { ...of, level: 4, decisionPoint: 'C' }).events).toEqual(['EsiAssigned']);
  });
});
