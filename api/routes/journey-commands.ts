// What the caller may do on a journey, as forms can be made of it.
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as journeys from '../../domain/journey/index.ts';
import type { CommandSpec } from '../../domain/kernel/command.ts';
import { Id } from '../../domain/kernel/event.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import { readJourney } from '../../projections/journey.ts';
import type { Clock } from '../../store/ports.ts';
import { readers, requireRole, type StreamReader } from '../access.ts';
import { readAnswers } from '../documentation.ts';
import { Problem } from '../problems.ts';
import { kebab } from './commands.ts';

export interface JourneyCommandsOptions {
  readonly reader: StreamReader;
  readonly clock: Clock;
}

const Commands = z.strictObject({
  journeyId: Id,
  revision: z.int(),
  commands: z.array(
    z.strictObject({
      name: z.string(),
      route: z.string().describe('Where to post it.'),
      schema: z.looseObject({}).describe('JSON Schema of the body.'),
    }),
  ),
});

/** `GET /v1/journeys/:journeyId/commands`. */
export const journeyCommandRoutes = ({ reader, clock }: JourneyCommandsOptions): FastifyPluginAsync => {
  const routes: FastifyPluginAsyncZod = async (app) => {
    app.get('/v1/journeys/:journeyId/commands', {
      onRequest: requireRole(readers),
      schema: {
        tags: ['journey'],
        'x-roles': readers,
        summary: 'Read which commands one may give now',
        description: 'As far as the role and the end of the journey tell; whether a rule refuses one is said when it is given.',
        params: z.strictObject({ journeyId: Id }),
        response: readAnswers('The commands, with the schema of each body.', Commands),
      },
      handler: async ({ principal, params: { journeyId } }) => {
        const events = await reader.readStream(principal.scope, journeyStream(journeyId));
        const journey = readJourney(events, { now: await clock.now() });
        if (!journey) throw new Problem('entity-unknown');
        const closed = journey.superState === 'Closed';
        const allowed = givable.filter(({ spec }) => spec.roles.includes(principal.actor.role) && (!closed || spec.afterClose));
        const commands = allowed.map(({ name, schema }) => ({ name, route: `/v1/journeys/${journeyId}/${kebab(name)}`, schema }));
        return { journeyId, revision: journey.revision, commands };
      },
    });
  };
  return routes;
};

interface Givable {
  readonly name: string;
  readonly spec: CommandSpec;
  readonly schema: object;
}

/** Every command of a journey that has a route of its own, but for the one that starts it. */
const givable: readonly Givable[] = Object.entries(journeys.commands)
  .filter(([name]) => name !== 'StartJourney')
  .map(([name, spec]) => ({ name, spec, schema: z.toJSONSchema(spec.data, { io: 'input', unrepresentable: 'any' }) }));
