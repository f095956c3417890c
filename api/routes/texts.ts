// Texts about people go into the vault under the person's key; commands carry the reference alone (domain reference 3.5).
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Role } from '../../domain/kernel/actor.ts';
import { Id, text } from '../../domain/kernel/event.ts';
import { journeyStream } from '../../domain/kernel/stream.ts';
import { streamOf } from '../../domain/reference/index.ts';
import type { Vault } from '../../store/ports.ts';
import { admitTo, firstSeen, requireRole, type StreamReader, writers } from '../access.ts';
import { writeAnswers } from '../documentation.ts';
import { type OncePerKey, once, sendReply, writeHeaders } from '../idempotency.ts';

export interface TextRoutesOptions extends OncePerKey {
  readonly vault: Pick<Vault, 'put'>;
  readonly reader: StreamReader;
  readonly limits: { readonly rosterBytes: number };
}

const longestText = 40_000;
const Stored = z.strictObject({ reference: Id.describe('Random; says nothing about the text.') });

const documented = (what: string, roles: readonly Role[]) => ({
  tags: ['text'],
  'x-roles': roles,
  summary: `Store a text about ${what}`,
  description: 'The text is encrypted under a key of its own subject. Commands carry the reference.',
  headers: writeHeaders,
  response: writeAnswers(201, 'Stored.', Stored),
});

const textOf = ({ body }: FastifyRequest): string => (body as { readonly text: string }).text;

/** `POST …/texts` for journeys, patients and employers. */
export const textRoutes =
  (options: TextRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    addJourneyTexts(app, options);
    const { rosterBytes } = options.limits;
    addTexts(app, options, { category: 'patient', plural: 'patients', roles: writers, longest: longestText, bodyLimit: longestText * 6 });
    addTexts(app, options, {
      category: 'employer',
      plural: 'employers',
      roles: ['E', 'A', 'K', 'O'],
      longest: rosterBytes,
      bodyLimit: rosterBytes,
    });
  };

type App = Parameters<FastifyPluginAsync>[0];

/** The text belongs to the patient whose journey it is. */
function addJourneyTexts(app: App, options: TextRoutesOptions): void {
  const { vault, reader } = options;
  app.post('/v1/journeys/:journeyId/texts', {
    bodyLimit: longestText * 6,
    onRequest: requireRole(writers),
    schema: { ...documented('the patient of a journey', writers), params: z.strictObject({ journeyId: Id }), body: bodyOf(longestText) },
    handler: async (request, reply) => {
      const { journeyId } = request.params as { readonly journeyId: string };
      const stream = journeyStream(journeyId);
      let patientId = '';
      const stored = await once(options, request, {
        admit: async () => {
          patientId = (await firstSeen(reader, request.principal, stream)).patient;
        },
        work: async () => ({ status: 201, body: { reference: await vault.put(patientId, stream, textOf(request)) } }),
      });
      return sendReply(reply, stored);
    },
  });
}

interface Subject {
  readonly category: 'patient' | 'employer';
  readonly plural: string;
  readonly roles: readonly Role[];
  readonly longest: number;
  readonly bodyLimit: number;
}

/** What is stored before there is a journey: a registration, a roster. */
function addTexts(app: App, options: TextRoutesOptions, { category, plural, roles, longest, bodyLimit }: Subject): void {
  const name = `${category}Id`;
  app.post(`/v1/${plural}/:${name}/texts`, {
    bodyLimit,
    onRequest: requireRole(roles),
    schema: { ...documented(`one ${category}`, roles), params: z.strictObject({ [name]: Id }), body: bodyOf(longest) },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const { [name]: id = '' } = request.params as Readonly<Record<string, string>>;
      const stored = await once(options, request, {
        admit: () => admitTo(options.reader, request.principal, category, id),
        work: async () => ({ status: 201, body: { reference: await options.vault.put(id, streamOf(category, id), textOf(request)) } }),
      });
      return sendReply(reply, stored);
    },
  });
}

const bodyOf = (longest: number) => z.strictObject({ text: text(longest) });
