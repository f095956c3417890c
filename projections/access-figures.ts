// An employer's figures of one month, with small groups hidden (domain reference 7, steps 1, 4 and 8).
import { type Instant, minute } from '../domain/kernel/time.ts';

/** One journey that began in the month. */
export interface AccessRow {
  readonly patient: string;
  readonly requestedAt: Instant;
  readonly consultAt?: Instant;
  readonly clinicianAt?: Instant;
  readonly homeVisitAt?: Instant;
  readonly therapyAt?: Instant;
}

export type Measure =
  | 'enrolled'
  | 'starts'
  | 'personsStarted'
  | 'personsWithConsult'
  | 'medianMinutesToClinician'
  | 'escalationShare'
  | 'personsEscalated'
  | 'personsNotEscalated'
  | 'medianMinutesToTherapy';

/** A figure; one that is hidden carries no number at all, one over nobody has no value. */
export interface Figure {
  readonly measure: Measure;
  readonly unit: 'persons' | 'journeys' | 'minutes' | 'share';
  readonly value?: number;
  readonly hidden?: true;
  readonly numerator?: number;
  readonly denominator?: number;
}

export interface AccessFigures {
  /** Too few are enrolled for figures of their own. */
  readonly pooled?: true;
  readonly figures: readonly Figure[];
}

/** What an employer may know of one month. */
export interface EmployerAccess extends AccessFigures {
  readonly employerId: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** Position of the log up to which the figures tell. */
  readonly position: number;
}

const fewestEnrolled = 50;
const mostHidden = 10;

/** True for a number of persons that must not be shown, nor be found by subtracting. */
const isSmall = (persons: number): boolean => persons >= 1 && persons <= mostHidden;

/** The figures of a month: every person counts once, and whatever rests on 1 to 10 persons is hidden. */
export function accessFigures(rows: readonly AccessRow[], enrolled: number): AccessFigures {
  if (enrolled < fewestEnrolled) return { pooled: true, figures: [] };
  const persons = personsOf(rows);
  const count = (of: (person: Person) => boolean): number => persons.filter(of).length;
  const started = persons.length;
  const consulted = count(({ consulted: has }) => has);
  const escalated = count(({ escalated: has, consulted: had }) => has && had);
  const hidden = hide({ enrolled, started, consulted, escalated });
  const toClinician = persons.flatMap(({ minutesToClinician }) => minutesToClinician ?? []);
  const toTherapy = persons.flatMap(({ minutesToTherapy }) => minutesToTherapy ?? []);
  return {
    figures: [
      figure('enrolled', 'persons', false, enrolled),
      figure('starts', 'journeys', hidden.started, rows.length),
      figure('personsStarted', 'persons', hidden.started, started),
      figure('personsWithConsult', 'persons', hidden.consulted, consulted),
      figure('medianMinutesToClinician', 'minutes', hidden.consulted || isSmall(toClinician.length), median(toClinician)),
      share(hidden.consulted || hidden.escalated, escalated, consulted),
      figure('personsEscalated', 'persons', hidden.escalated, escalated),
      figure('personsNotEscalated', 'persons', hidden.escalated, consulted - escalated),
      figure('medianMinutesToTherapy', 'minutes', isSmall(toTherapy.length), median(toTherapy)),
    ],
  };
}

interface Person {
  readonly consulted: boolean;
  readonly escalated: boolean;
  readonly minutesToClinician?: number;
  readonly minutesToTherapy?: number;
}

/** Several journeys of one person in the month are one person, whose times are those of the first. */
function personsOf(rows: readonly AccessRow[]): readonly Person[] {
  const byPatient = new Map<string, AccessRow[]>();
  for (const row of rows) byPatient.set(row.patient, [...(byPatient.get(row.patient) ?? []), row]);
  return [...byPatient.values()].map((journeys) => {
    const inOrder = journeys.toSorted((a, b) => a.requestedAt - b.requestedAt);
    const toClinician = inOrder.flatMap(({ requestedAt, clinicianAt }) =>
      clinicianAt === undefined ? [] : [clinicianAt - requestedAt],
    )[0];
    const toTherapy = inOrder.flatMap(({ requestedAt, therapyAt }) => (therapyAt === undefined ? [] : [therapyAt - requestedAt]))[0];
    return {
      consulted: journeys.some(({ consultAt }) => consultAt !== undefined),
      escalated: journeys.some(({ homeVisitAt }) => homeVisitAt !== undefined),
      ...(toClinician !== undefined && { minutesToClinician: toClinician / minute }),
      ...(toTherapy !== undefined && { minutesToTherapy: toTherapy / minute }),
    };
  });
}

interface Counts {
  readonly enrolled: number;
  readonly started: number;
  readonly consulted: number;
  readonly escalated: number;
}

/**
 * Which counts to hide. Each group is a part of the one before, so a small difference between two that are shown would be a small group
 * as well; of two complementary cells one alone would tell the other.
 */
function hide({ enrolled, started, consulted, escalated }: Counts) {
  const isConsultedHidden = isSmall(consulted) || isSmall(enrolled - consulted);
  const isStartedHidden = isSmall(started) || isSmall(enrolled - started) || (!isConsultedHidden && isSmall(started - consulted));
  const isEscalatedHidden = isConsultedHidden || isSmall(escalated) || isSmall(consulted - escalated);
  return { started: isStartedHidden, consulted: isConsultedHidden, escalated: isEscalatedHidden };
}

function figure(measure: Measure, unit: Figure['unit'], isHidden: boolean, value: number | undefined): Figure {
  if (isHidden) return { measure, unit, hidden: true };
  return { measure, unit, ...(value !== undefined && { value }) };
}

function share(isHidden: boolean, numerator: number, denominator: number): Figure {
  const shown = figure('escalationShare', 'share', isHidden, denominator === 0 ? undefined : numerator / denominator);
  return isHidden ? shown : { ...shown, numerator, denominator };
}

function median(values: readonly number[]): number | undefined {
  const inOrder = values.toSorted((a, b) => a - b);
  const middle = inOrder.length / 2;
  const [low, high] = [inOrder[Math.ceil(middle) - 1], inOrder[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
