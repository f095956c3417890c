// The read side of an employer's access figures.
import type { Pool } from 'pg';
import type { Scope } from '../store/ports.ts';
import { type AccessRow, accessFigures, type EmployerAccess } from './access-figures.ts';
import { positionOf, within } from './scoped-read.ts';

interface Stored {
  readonly patient: string;
  readonly requested_at: number;
  readonly consult_at: number | null;
  readonly clinician_at: number | null;
  readonly home_visit_at: number | null;
  readonly therapy_at: number | null;
}

/** The figures of employers, each read within a scope and from one snapshot. */
export interface AccessView {
  /** An employer's figures of the journeys that began in a month (`YYYY-MM`). @throws Unavailable */
  month(scope: Scope, employerId: string, month: string): Promise<EmployerAccess>;
}

const tables = ['access', 'roster'] as const;

/** The figures over a pool of the API's role. */
export const openAccessView = (pool: Pool): AccessView => ({
  month: (scope, employerId, month) =>
    within(pool, scope, tables, async (client) => {
      const { rows } = await client.query<Stored>(
        `SELECT patient, requested_at, consult_at, clinician_at, home_visit_at, therapy_at FROM views.access
         WHERE tenant = $1 AND month = $2`,
        [employerId, month],
      );
      const enrolled = await client.query<{ count: number }>(
        'SELECT count(DISTINCT patient) AS count FROM views.roster WHERE tenant = $1 AND effective_on < $2',
        [employerId, endOf(month)],
      );
      const figures = accessFigures(rows.map(rowOf), enrolled.rows[0]?.count ?? 0);
      return { employerId, month, ...figures, position: await positionOf(client, tables) };
    }),
});

function rowOf({ patient, requested_at, consult_at, clinician_at, home_visit_at, therapy_at }: Stored): AccessRow {
  return {
    patient,
    requestedAt: requested_at,
    ...(consult_at !== null && { consultAt: consult_at }),
    ...(clinician_at !== null && { clinicianAt: clinician_at }),
    ...(home_visit_at !== null && { homeVisitAt: home_visit_at }),
    ...(therapy_at !== null && { therapyAt: therapy_at }),
  };
}

function endOf(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return Date.UTC(year, number, 1);
}
