import fc from 'fast-check';
import { minute } from '../../domain/kernel/time.ts';
import { access } from '../../projections/access.ts';
import { type AccessRow, accessFigures, type Figure, type Measure } from '../../projections/access-figures.ts';
import { openAccessView } from '../../projections/access-read.ts';
import { roster } from '../../projections/roster.ts';
import { eventsOf, playJ1, seattle } from './histories.ts';
import { openViews } from './views-database.ts';

/** Each of these is a part of the one before. */
const groups: readonly Measure[] = ['enrolled', 'personsStarted', 'personsWithConsult', 'personsEscalated'];

interface Persons {
  readonly started: number;
  readonly consulted: number;
  readonly escalated: number;
}

/** One journey for each person, the first of them the furthest. */
const rowsOf = ({ started, consulted, escalated }: Persons): AccessRow[] =>
  Array.from({ length: started }, (_, i) => ({
    patient: `p-${i}`,
    requestedAt: 0,
    ...(i < consulted && { consultAt: (i + 1) * minute, clinicianAt: (i + 1) * minute }),
    ...(i < escalated && { homeVisitAt: 100 * minute, therapyAt: 200 * minute }),
  }));

const byMeasure = (figures: readonly Figure[]): Partial<Record<Measure, number | 'hidden' | undefined>> =>
  Object.fromEntries(figures.map(({ measure, value, hidden }) => [measure, hidden ? 'hidden' : value]));
const figuresOf = (persons: Persons, enrolled: number) => byMeasure(accessFigures(rowsOf(persons), enrolled).figures);

describe("An employer's figures of a month", () => {
  test('of 63 enrolled, 38 of them with a consult and 4 with a home visit, hide both cells and what rests on them', () => {
    expect(figuresOf({ started: 38, consulted: 38, escalated: 4 }, 63)).toEqual({
      enrolled: 63,
      starts: 38,
      personsStarted: 38,
      personsWithConsult: 38,
      medianMinutesToClinician: 19.5,
      escalationShare: 'hidden',
      personsEscalated: 'hidden',
      personsNotEscalated: 'hidden',
      medianMinutesToTherapy: 'hidden',
    });
  });

  test('of large groups are all shown, the share with what it is made of', () => {
    const { figures } = accessFigures(rowsOf({ started: 100, consulted: 80, escalated: 20 }), 1_000);
    expect(figures).toContainEqual({ measure: 'escalationShare', unit: 'share', value: 0.25, numerator: 20, denominator: 80 });
    expect(byMeasure(figures)).toMatchObject({ personsEscalated: 20, personsNotEscalated: 60, medianMinutesToTherapy: 200 });
    expect(figures.some(({ hidden }) => hidden)).toBe(false);
  });

  test('show a zero, and no value over nobody', () => {
    expect(figuresOf({ started: 0, consulted: 0, escalated: 0 }, 63)).toEqual({
      enrolled: 63,
      starts: 0,
      personsStarted: 0,
      personsWithConsult: 0,
      medianMinutesToClinician: undefined,
      escalationShare: undefined,
      personsEscalated: 0,
      personsNotEscalated: 0,
      medianMinutesToTherapy: undefined,
    });
  });

  test('count a person with three journeys once', () => {
    const rows = rowsOf({ started: 20, consulted: 20, escalated: 0 });
    const figures = byMeasure(accessFigures([...rows, ...rows, ...rows], 200).figures);
    expect(figures).toMatchObject({ starts: 60, personsStarted: 20, personsWithConsult: 20 });
  });

  test('of fewer than 50 enrolled are pooled', () => {
    expect(accessFigures(rowsOf({ started: 40, consulted: 40, escalated: 20 }), 49)).toEqual({ pooled: true, figures: [] });
    expect(accessFigures([], 50).pooled).toBeUndefined();
  });

  test('never show a number of 1 to 10 persons, nor a group and a part of it whose difference is one', () => {
    const persons = fc.tuple(fc.integer({ min: 50, max: 120 }), fc.nat(120), fc.nat(120), fc.nat(120)).map(([enrolled, a, b, c]) => {
      const started = Math.min(enrolled, a);
      const consulted = Math.min(started, b);
      return { enrolled, started, consulted, escalated: Math.min(consulted, c) };
    });
    fc.assert(
      fc.property(persons, ({ enrolled, ...of }) => {
        const { figures } = accessFigures(rowsOf(of), enrolled);
        const counts = figures.flatMap(({ unit, value }) => (unit === 'persons' && value !== undefined ? [value] : []));
        const nested = figures.flatMap(({ measure, value }) => (groups.includes(measure) && value !== undefined ? [value] : []));
        const shown = [...counts, ...nested.flatMap((a) => nested.map((b) => a - b))];
        expect(shown.filter((count) => count >= 1 && count <= 10)).toEqual([]);
        const { personsEscalated, personsNotEscalated } = byMeasure(figures);
        expect(personsEscalated === 'hidden').toBe(personsNotEscalated === 'hidden');
        expect(
          figures.filter(({ hidden, value, numerator, denominator }) => hidden && (value ?? numerator ?? denominator) !== undefined),
        ).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

test('the view tells per journey of the month when care was reached, and who is enrolled', async () => {
  const setting = await openViews();
  try {
    const enrolled = Array.from({ length: 63 }, (_, i) => `patient-${i}`);
    const [like] = eventsOf(playJ1(seattle(9, 0)), { journeyId: 'x' });
    if (!like) throw new Error('J-1 has a first event');
    for (const patient of enrolled) {
      const data = { employerId: 'employer-1', patientId: patient, effectiveOn: 0 };
      await setting.store.append(
        `member-${patient}`,
        [{ ...like, id: crypto.randomUUID(), type: 'MemberEnrolled', data, patient }],
        'none',
      );
    }
    const [untilTheEnd, consultOnly] = [playJ1(), playJ1(seattle(9, 28))];
    for (const [i, patientId] of enrolled.slice(0, 38).entries()) {
      const story = i < 4 ? untilTheEnd : consultOnly;
      await setting.store.append(`journey-${i}`, eventsOf(story, { journeyId: String(i), patientId }), 'none');
    }
    setting.run([access, roster]);
    await setting.settled([access, roster]);
    const answer = await openAccessView(setting.database.api).month({ tenant: 'employer-1', patients: '*' }, 'employer-1', '2026-10');
    expect(answer).toMatchObject({ employerId: 'employer-1', month: '2026-10', position: await setting.store.head() });
    expect(byMeasure(answer.figures)).toMatchObject({
      enrolled: 63,
      personsWithConsult: 38,
      personsEscalated: 'hidden',
      personsNotEscalated: 'hidden',
    });
    const { rows } = await setting.database.projector.query(
      "SELECT clinician_at, home_visit_at, therapy_at FROM views.access WHERE stream = 'journey-0'",
    );
    expect(rows).toEqual([{ clinician_at: expect.any(Number), home_visit_at: expect.any(Number), therapy_at: expect.any(Number) }]);
  } finally {
    await setting.drop();
  }
});
