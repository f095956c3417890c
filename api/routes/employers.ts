// What an employer may know: figures of a month, with small groups hidden, and a chart of them.
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Role } from '../../domain/kernel/actor.ts';
import { Id } from '../../domain/kernel/event.ts';
import type { EmployerAccess } from '../../projections/access-figures.ts';
import type { AccessView } from '../../projections/access-read.ts';
import type { Clock } from '../../store/ports.ts';
import { requireRole } from '../access.ts';
import { accessChart } from '../access-chart.ts';
import type { Principal } from '../auth.ts';
import { imageAnswers, readAnswers } from '../documentation.ts';
import { Problem } from '../problems.ts';

export interface EmployerRoutesOptions {
  readonly access: AccessView;
  readonly clock: Clock;
}

const viewers: readonly Role[] = ['E', 'O', 'L'];
const params = z.strictObject({ employerId: Id });
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

/** What each measure counts. */
const definitions: Readonly<Record<string, string>> = {
  enrolled: 'Persons on the roster at the end of the month.',
  starts: 'Journeys that were requested in the month.',
  personsStarted: 'Different persons with a journey that was requested in the month.',
  personsWithConsult: 'Different persons of these who came into a consult.',
  medianMinutesToClinician: 'Minutes from the request to the first word of a clinician: half of the persons waited less, half longer.',
  escalationShare: 'Persons with a home visit as a share of the persons with a consult.',
  personsEscalated: 'Different persons with a consult who were also visited at home.',
  personsNotEscalated: 'Different persons with a consult who were not visited.',
  medianMinutesToTherapy: 'Minutes from the request until the medicine was in hand: half of the persons waited less, half longer.',
};

const FigureSchema = z.strictObject({
  measure: z.string(),
  unit: z.string(),
  value: z.number().optional(),
  hidden: z.boolean().optional().describe('It covers 1 to 10 persons, or would reveal such a number.'),
  numerator: z.number().optional(),
  denominator: z.number().optional(),
});
const Figures = z.strictObject({
  employerId: Id,
  month: z.string(),
  pooled: z.boolean().optional().describe('Too few people are enrolled for any figure of their own.'),
  definitions: z.record(z.string(), z.string()),
  figures: z.array(FigureSchema),
  position: z.int().describe('Position in the log that the figures stand for.'),
});

/** `GET /v1/employers/:employerId/access` and its chart. */
export const employerRoutes = ({ access, clock }: EmployerRoutesOptions): FastifyPluginAsync => {
  const routes: FastifyPluginAsyncZod = async (app) => {
    const about = { tags: ['employer'], 'x-roles': viewers, params };
    const onRequest = requireRole(viewers);
    const read = async (principal: Principal, employerId: string, wanted: string): Promise<EmployerAccess> => {
      const { tenant, scope } = principal;
      if (tenant !== '*' && tenant !== employerId) throw new Problem('entity-unknown');
      return access.month(scope, employerId, wanted);
    };

    app.get('/v1/employers/:employerId/access', {
      onRequest,
      schema: {
        ...about,
        summary: 'Read the figures of a month',
        querystring: z.strictObject({
          month: month.optional().describe('`YYYY-MM`; the present month of journey time if it is left out.'),
        }),
        response: readAnswers('The figures.', Figures),
      },
      handler: async ({ principal, params: { employerId }, query }) => ({
        ...(await read(principal, employerId, query.month ?? monthOf(await clock.now()))),
        definitions,
      }),
    });

    app.get('/v1/employers/:employerId/access/chart', {
      onRequest,
      schema: {
        ...about,
        summary: 'Draw the figures of a month',
        querystring: z.strictObject({ month, scheme: z.enum(['light', 'dark']).default('light') }),
        response: imageAnswers('The persons at each step, as a picture.'),
      },
      handler: async ({ principal, params: { employerId }, query }, reply) => {
        const { figures } = await read(principal, employerId, query.month);
        return reply.type('image/svg+xml; charset=utf-8').send(await accessChart(figures, query.scheme));
      },
    });
  };
  return routes;
};
