import { day, hour } from '../../domain/kernel/time.ts';
import { homeVisit, swab } from '../journeys/consult-setting.ts';
import { calm } from '../journeys/intake-setting.ts';
import type { Play } from './play.ts';
import type { Known } from './sample-data.ts';

/** Values that fit the sample world, by the name of the field; by command and field where nothing else is to be tried. */
const usual: Readonly<Record<string, readonly unknown[]>> = {
  patientId: ['patient-1'],
  employerId: ['employer-1'],
  templateId: ['sore-throat'],
  entryPoint: ['app'],
  modality: ['async', 'video'],
  zone: ['America/Los_Angeles'],
  state: ['WA', 'OR', 'TX'],
  groupId: ['group-1'],
  proxyId: ['parent-1'],
  pharmacyId: ['pharmacy-1', 'pharmacy-2'],
  visitorId: ['visitor-1', 'visitor-2'],
  clinicianId: ['clinician-1'],
  slotId: ['sea-north_2026-10-06_1300', 'sea-north_2026-10-06_1500'],
  scopes: [['treatment', 'telehealth'], ['sharing']],
  version: [1, 2],
  'SubmitQuestionnaire.version': [2, 1],
  codedAnswers: [calm, { ...calm, drooling: true }, { ...calm, cannotSwallow: true }],
  identifierKinds: [['name', 'dateOfBirth'], ['name']],
  codedValues: [
    { heartRate: 96, oxygenSaturation: 98 },
    { heartRate: 190, oxygenSaturation: 85 },
  ],
  value: ['positive', 'negative', 'invalid'],
  ruleId: ['rf-drooling', 'rf-cannot-swallow', 'chest-pain'],
  rxId: ['p1'],
  'DraftPrescription.rxId': ['p1', 'p2'],
  orderId: ['o1'],
  level: [6, 9, 5, 3, 2, 1],
  minutes: [30],
  cents: [2_500],
  kind: ['callback', 'urgentCall', 'safetyReview'],
  recipientRole: ['P'],
  n: [1, 2, 3],
  attempt: [1, 2],
  leg: [1, 2],
  date: ['2026-10-06'],
  on: ['2026-10-06'],
  states: [['WA']],
  code: ['99421'],
  pos: ['10'],
  commitment: ['0'.repeat(64)],
  rxnorm: ['723', '1049502'],
  recipientKind: ['adult', 'minor'],
  resultCode: ['clear', 'not-clear', 'expire'],
  taskRef: ['vitals', 'swab'],
  purpose: ['serviceRecovery', 'emergency', 'callback'],
  certainty: ['confirmed'],
  place: ['home', 'clinicSite'],
  alternative: ['clinicSite', 'virtualOnly'],
  celsius: [5, 30],
  waitedMin: [15],
  orders: [[homeVisit, swab], [{ ...homeVisit, place: 'clinicSite' }], [swab]],
};

/** Fields whose ids another field has brought into the journey. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  conversationId: ['consultId'],
  citesResults: ['resultId'],
  cites: ['consultId'],
  replaces: ['visitId', 'rxId'],
};

/** Newest ids of a field that are tried. */
const newest = 3;

/** What a field may hold in this journey: ids that its events name, newest first, then what fits the sample world. */
export function knownIn(play: Play): (command: string) => Known {
  const known = found.get(play) ?? collected(play);
  found.set(play, known);
  return known;
}

const found = new WeakMap<Play, (command: string) => Known>();

function collected({ happened, now }: Play): (command: string) => Known {
  const named = new Map<string, Set<unknown>>();
  for (const { data } of happened) collect(data, named);
  const soon = [now + hour, now + 24 * hour];
  return (command) => (field) => {
    if (['eta', 'dueAt', 'notAfter', 'expiry', 'to', 'from'].includes(field)) return soon;
    if (field === 'until') return [...soon, now + 30 * day];
    if (field === 'attempts') return [['doorbell', 'phone'].map((channel) => ({ channel, at: now }))];
    if (field === 'window') return [{ from: now + hour, to: now + 3 * hour }];
    if (field === 'notBefore') return [now];
    if (field === 'revision') return [happened.length + 1];
    const own = [field, ...(elsewhere[field] ?? [])].flatMap((name) => [...(named.get(name) ?? [])].toReversed());
    const only = usual[`${command}.${field}`];
    if (only) return only;
    const ids = field.endsWith('Id') || field in elsewhere ? own.slice(0, newest) : [];
    const fresh = field === 'taskId' ? [`task-${happened.length}`] : [];
    return [...ids, ...fresh, ...(usual[field] ?? [])];
  };
}

function collect(value: unknown, into: Map<string, Set<unknown>>): void {
  for (const [field, inner] of Object.entries(value as object)) {
    if (typeof inner === 'string' && field.endsWith('Id')) {
      const ids = into.get(field) ?? new Set();
      // An id that is named again moves to the end: the newest are tried first.
      ids.delete(inner);
      into.set(field, ids.add(inner));
    } else if (typeof inner === 'object' && inner !== null) collect(inner, into);
  }
}
