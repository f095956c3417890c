// From the answer of a stream to the answer of a request.
import { crisisText } from '../domain/templates/crisis-text.ts';
import { templateOf, templates } from '../domain/templates/index.ts';
import { severityOf } from '../domain/templates/message-red-flags.ts';
import type { Template } from '../domain/templates/template.ts';
import { seenBy } from '../projections/visibility.ts';
import type { StoredEvent } from '../store/event-store.ts';
import type { Answer } from '../workflows/messages.ts';
import type { StreamReader } from './access.ts';
import type { Principal } from './auth.ts';
import type { Reply } from './idempotency.ts';
import { problemBody, statusOf } from './problems.ts';

/** What was asked, and of which stream. */
export interface Asked {
  readonly principal: Principal;
  readonly stream: string;
  /** Name and value of the id that the answer repeats. */
  readonly subject: Readonly<Record<string, string>>;
  /** Status of a command that was taken. */
  readonly success: 200 | 201;
  readonly expectedRevision?: number;
}

/** The reply to a command: what was recorded, or the problem, with the texts that a rule demands in the same response. */
export async function replyOf(reader: StreamReader, answer: Answer, asked: Asked): Promise<Reply> {
  const emergencyText = await emergencyTextOf(reader, answer, asked);
  const texts = emergencyText ? { emergencyText } : {};
  if (answer.accepted) {
    const { revision, position, events } = answer;
    return { status: asked.success, body: { ...asked.subject, revision, position, events, ...texts } };
  }
  const { code, events, revision } = answer;
  const left = events.length > 0 ? { events, revision } : {};
  const conflict = code === 'stale-version' ? { revision, changes: await changesSince(reader, asked) } : {};
  return { status: statusOf(code), body: problemBody(code, { ...left, ...conflict, ...texts }, answer) };
}

const mostChanges = 100;

/** What has happened since the version that the sender had read. */
async function changesSince(reader: StreamReader, { principal, stream, expectedRevision = 0 }: Asked): Promise<readonly object[]> {
  const since = await reader.readStream(principal.scope, stream, { from: expectedRevision + 1, limit: mostChanges });
  return since.filter(seenBy(principal.actor.role)).map(({ version, type, entityId }) => ({ revision: version, type, entityId }));
}

/** Events after which the person must read the emergency text at once. */
const demanding: readonly string[] = ['EmergencyTextShown', 'MessageRedFlagDetected', 'PatientMessageRefused'];

async function emergencyTextOf(reader: StreamReader, { events, revision }: Answer, { principal, stream }: Asked) {
  if (!events.some(({ type }) => demanding.includes(type))) return undefined;
  const range = { from: revision - events.length + 1, limit: events.length };
  const left = await reader.readStream(principal.scope, stream, range);
  const text = shownText(left) ?? (isCrisis(left) ? crisisText : (await journeysTemplate(reader, principal, left))?.emergencyText);
  // Better no answer than one that keeps the danger from the patient: the repetition brings it.
  if (!text) throw new Error('the emergency text of an answer cannot be found');
  return text;
}

const texts = [...templates.map(({ emergencyText }) => emergencyText), crisisText];

/** The text that a journey's event names. */
function shownText(left: readonly StoredEvent[]): Template['emergencyText'] | undefined {
  const shown = left.find(({ type }) => type === 'EmergencyTextShown')?.data as { readonly textId: string; readonly version: number };
  return shown && texts.find(({ textId, version }) => textId === shown.textId && version === shown.version);
}

/** True if a message speaks of self-harm. */
const isCrisis = (left: readonly StoredEvent[]): boolean =>
  left.some(({ type, data }) => type === 'MessageRedFlagDetected' && severityOf((data as { readonly ruleId: string }).ruleId) === 'crisis');

/** The template of the journey that a conversation belongs to. */
async function journeysTemplate(reader: StreamReader, { scope }: Principal, left: readonly StoredEvent[]): Promise<Template | undefined> {
  const journeyId = left.map(({ data }) => (data as { readonly journeyId?: string }).journeyId).find((id) => id !== undefined);
  const [requested] = await reader.readStream(scope, `journey-${journeyId}`, { limit: 1 });
  const [id = '', version] = requested?.templateVersion.split('@') ?? [];
  return templateOf(templates, id, Number(version));
}
