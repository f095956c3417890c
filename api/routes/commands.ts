// One route per command, made from the command's own declaration (domain reference 18).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as journeys from '../../domain/journey/index.ts';
import type { CommandSpec } from '../../domain/kernel/command.ts';
import { Id } from '../../domain/kernel/event.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import { aggregates, streamOf } from '../../domain/reference/index.ts';
import type { Answer, CommandMessage } from '../../workflows/messages.ts';
import { admitStart, admitTo, type StreamReader } from '../access.ts';
import { type Asked, replyOf } from '../answers.ts';
import type { Principal } from '../auth.ts';
import { answers, kebab, rolesText } from '../documentation.ts';
import { commandHeaders, commandIdOf, derivedId, type OncePerKey, once, type Repeatable, type Reply, sendReply } from '../idempotency.ts';
import type { Metrics } from '../metrics.ts';
import { requireRole } from '../secured.ts';

export interface CommandRoutesOptions extends OncePerKey {
  /** @throws RunnerUnavailable when the runner gives no answer in time */
  readonly send: (journeyId: string, message: CommandMessage, timeoutMs: number) => Promise<Answer>;
  /** Gives a command to a stream that is no journey. */
  readonly executeOn: (category: string, id: string, message: CommandMessage) => Promise<Answer>;
  readonly reader: StreamReader;
  readonly metrics: Metrics;
  readonly limits: { readonly commandMs: number };
}

/** The commands of journeys and of every other stream, but for those that only the system gives. */
export const commandRoutes =
  (options: CommandRoutesOptions): FastifyPluginAsyncZod =>
  async (app) => {
    for (const [command, spec] of Object.entries(journeys.commands).filter(hasRoute))
      await app.register(command === 'StartJourney' ? startRoute(options, spec) : journeyRoute(options, command, spec));
    for (const { category, commands } of Object.values(aggregates))
      for (const [command, spec] of Object.entries(commands).filter(hasRoute))
        await app.register(streamRoute(options, category, command, spec));
  };

/** A command that only the system gives has no route. */
const hasRoute = ([, { roles }]: readonly [string, CommandSpec]): boolean => roles.some((role) => role !== 'T');

const startRoute =
  (options: CommandRoutesOptions, spec: CommandSpec): FastifyPluginAsyncZod =>
  async (app) => {
    app.route({
      method: 'POST',
      url: '/v1/journeys',
      onRequest: requireRole(spec.roles),
      schema: { ...documented('StartJourney', spec, 'journeys', 201), body: spec.data, headers: commandHeaders },
      handler: async ({ ...request }, reply) => reply,
    });
  };
