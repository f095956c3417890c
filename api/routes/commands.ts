// One route per command, made from the command's own declaration (domain reference 18).
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import * as journeys from '../../domain/journey/index.ts';
import type { CommandSpec } from '../../domain/kernel/command.ts';
import { Id } from '../../domain/kernel/event.ts';
import { aggregates, streamOf } from '../../domain/reference/index.ts';
import type { Pass } from '../../store/fail-point.ts';
import type { Answer, CommandMessage } from '../../workflows/messages.ts';
import { admitStart, admitTo, requireRole, type StreamReader } from '../access.ts';
import { replyOf } from '../answers.ts';
import { documentedCommand } from '../documentation.ts';
import { commandHeaders, commandIdOf, derivedId, type OncePerKey, once, repeatable, sendReply } from '../idempotency.ts';
import type { Metrics } from '../metrics.ts';

export interface CommandRoutesOptions extends OncePerKey {
  /** @throws RunnerUnavailable when the runner gives no answer in time */
  readonly send: (journeyId: string, message: CommandMessage, timeoutMs: number) => Promise<Answer>;
  /** Gives a command to a stream that is no journey. */
  readonly executeOn: (category: string, id: string, message: CommandMessage) => Promise<Answer>;
  readonly reader: StreamReader;
  readonly metrics: Metrics;
  readonly limits: { readonly commandMs: number };
  readonly pass?: Pass;
}

/** The commands of journeys and of every other stream, but for those that only the system gives. */
export const commandRoutes =
  (options: CommandRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    const { StartJourney, ...others } = journeys.commands;
    if (StartJourney) addStart(app, options, StartJourney);
    addRoutes(app, options, 'journey', others);
    for (const { category, commands } of Object.values(aggregates)) addRoutes(app, options, category, commands);
  };

type App = Parameters<FastifyPluginAsync>[0];

function addStart(app: App, options: CommandRoutesOptions, spec: CommandSpec): void {
  app.post('/v1/journeys', {
    onRequest: requireRole(spec.roles),
    schema: { ...documentedCommand('StartJourney', spec, 'journey', 201), body: spec.data, headers: commandHeaders },
    handler: (request, reply) => {
      const { client, key } = repeatable(request);
      return give(options, { command: 'StartJourney', category: 'journey', id: derivedId('journey', client, key) }, request, reply);
    },
  });
}

function addRoutes(app: App, options: CommandRoutesOptions, category: string, commands: Readonly<Record<string, CommandSpec>>): void {
  for (const [command, spec] of Object.entries(commands)) {
    if (spec.roles.every((role) => role === 'T')) continue;
    const name = `${category}Id`;
    app.post(`/v1/${pluralOf(category)}/:${name}/${kebab(command)}`, {
      onRequest: requireRole(spec.roles),
      schema: {
        ...documentedCommand(command, spec, category, 200),
        params: z.strictObject({ [name]: Id }),
        body: spec.data,
        headers: commandHeaders,
      },
      handler: (request, reply) => {
        const { [name]: id = '' } = request.params as Readonly<Record<string, string>>;
        return give(options, { command, category, id }, request, reply);
      },
    });
  }
}

/** `StartJourney` as `start-journey`. */
export const kebab = (command: string): string => command.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** The collection that a stream's category stands for in a path. */
const pluralOf = (category: string): string =>
  category.endsWith('y') && category !== 'journey' ? `${category.slice(0, -1)}ies` : `${category}s`;

interface Target {
  readonly command: string;
  readonly category: string;
  readonly id: string;
}

async function give(
  options: CommandRoutesOptions,
  { command, category, id }: Target,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { send, executeOn, reader, metrics, limits, pass } = options;
  const { principal, body } = request;
  const starts = command === 'StartJourney';
  pass?.('api.authenticated', command);
  const answered = await once(options, request, {
    admit: () => (starts ? admitStart(principal, body as object) : admitTo(reader, principal, category, id)),
    work: async (which) => {
      const message = messageOf(command, request, commandIdOf(which));
      const from = performance.now();
      const answer = await (category === 'journey' ? send(id, message, limits.commandMs) : executeOn(category, id, message));
      pass?.('api.accepted', command);
      metrics.commandAnswered(command, answer.accepted ? 'accepted' : answer.code, (performance.now() - from) / 1_000);
      const { expectedRevision } = message;
      return replyOf(reader, answer, {
        principal,
        stream: streamOf(category, id),
        subject: { [`${category}Id`]: id },
        success: starts ? 201 : 200,
        ...(expectedRevision !== undefined && { expectedRevision }),
      });
    },
  });
  pass?.('api.replying', command);
  return sendReply(reply, answered);
}

function messageOf(type: string, { principal, body, headers }: FastifyRequest, id: string): CommandMessage {
  const { 'occurred-at': occurredAt, 'if-match': version } = headers;
  return {
    id,
    type,
    data: body,
    actor: principal.actor,
    source: 'api',
    ...(typeof occurredAt === 'string' && { occurredAt: Date.parse(occurredAt) }),
    ...(version !== undefined && { expectedRevision: Number(version.slice(2, -1)) }),
  };
}
