import { createHmac } from 'node:crypto';
import type { Conversation, ConversationFacts } from '../domain/conversation/index.ts';
import { proxyInForce } from '../domain/journey/acceptance-gates.ts';
import type { Actor } from '../domain/kernel/actor.ts';
import { journeyStream } from '../domain/kernel/stream.ts';
import type { Instant } from '../domain/kernel/time.ts';
import type { Employer, EmployerFacts } from '../domain/reference/employer.ts';
import type { PatientFacts } from '../domain/reference/patient.ts';
import { messageRules, screenMessage } from '../domain/templates/message-red-flags.ts';
import type { Vault } from '../store/ports.ts';
import type { CommandMessage } from '../workflows/messages.ts';
import type { Journeys } from './journeys.ts';
import type { ImportRows } from './roster.ts';
import { readText } from './vault-text.ts';

/** What the facts of one command are asked for. */
export interface Question {
  /** The stream's state; each loader knows whose commands name its fact. */
  readonly state: unknown;
  readonly data: Readonly<Record<string, string>>;
  readonly message: CommandMessage;
  readonly now: Instant;
  readonly at: Instant;
}

interface Loaded<T> {
  readonly value: T;
  readonly basis?: Readonly<Record<string, number>>;
}

type StreamFacts = EmployerFacts & PatientFacts & ConversationFacts;
type Loaders = { readonly [N in keyof StreamFacts]: (question: Question) => Promise<Loaded<StreamFacts[N]>> };

/** The facts that the commands of other streams than journeys name. */
export type LoadStreamFacts = (
  names: readonly string[],
  question: Question,
) => Promise<{ readonly facts: Readonly<Record<string, unknown>>; readonly basis: Readonly<Record<string, number>> }>;

export interface StreamFactsDependencies {
  readonly vault: Vault;
  readonly journeys: Pick<Journeys, 'load'>;
  readonly importRows: ImportRows;
  /** Keys the commitments to the texts of messages. */
  readonly commitmentKey: string;
}

export function createStreamFacts(dependencies: StreamFactsDependencies): LoadStreamFacts {
  const loaders = loadersOf(dependencies);
  return async (names, question) => {
    const asked = names.filter((name): name is keyof Loaders => Object.hasOwn(loaders, name));
    const loaded = await Promise.all(asked.map(async (name) => ({ name, ...(await loaders[name](question)) })));
    return {
      facts: Object.fromEntries(loaded.map(({ name, value }) => [name, value])),
      basis: Object.assign({}, ...loaded.map(({ basis }) => basis ?? {})),
    };
  };
}

const loadersOf = ({ vault, journeys, importRows, commitmentKey }: StreamFactsDependencies): Loaders => ({
  rosterFile: async ({ state, data: { employerId = '', fileRef = '' }, message: { id, actor, source }, at, now }) => ({
    value: await importRows(state as Employer, { employerId, fileRef, commandId: id, actor, source, at, now }),
  }),

  vaultKey: async ({ data: { patientId = '' } }) => ({ value: { keyId: await vault.register(patientId) } }),

  party: async ({ state, message: { actor }, now }) => {
    const { thread } = state as Conversation;
    if (!thread) return { value: { belongs: false } };
    const { journey } = await journeys.load(thread.journeyId);
    return { value: { belongs: belongsTo(journey, actor, now) }, basis: { [journeyStream(thread.journeyId)]: journey.revision } };
  },

  screening: async ({ state, data: { bodyRef = '' } }) => {
    const { thread } = state as Conversation;
    const body = thread && (await readText(vault, thread.patientId, bodyRef));
    if (body === undefined) return { value: undefined };
    const redFlags = screenMessage(messageRules, body).map(({ ruleId, version }) => ({ ruleId, version }));
    return { value: { commitment: createHmac('sha256', commitmentKey).update(body).digest('hex'), redFlags } };
  },
});

type LoadedJourney = Awaited<ReturnType<Journeys['load']>>['journey'];

/** A patient or proxy writes in the conversations of their own journey only; staff by role. */
function belongsTo({ intake }: LoadedJourney, { role, id }: Actor, now: Instant): boolean {
  if (role === 'P') return intake.request?.patientId === id;
  if (role === 'X') return intake.proxy?.proxyId === id && proxyInForce(intake, now);
  return true;
}
