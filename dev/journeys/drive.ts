import type { Role } from '../../domain/kernel/actor.ts';
import type { Instant } from '../../domain/kernel/time.ts';
import type { WorkedStep } from './step.ts';

/** A running system, as a script sees it. */
export interface System {
  readonly api: string;
  readonly tokens: Readonly<Partial<Record<Role, string>>>;
}

export interface HistoryEvent {
  readonly id: string;
  readonly type: string;
  readonly entityId: string;
  readonly version: number;
  readonly occurredAt: string;
  readonly actor: { readonly role: string; readonly id: string };
}

export interface Drive {
  readonly system: System;
  /** Texts behind the references that steps ask for, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** The same name drives the same journey: it is resumed, never doubled. */
  readonly name: string;
  readonly onEvent: (event: HistoryEvent) => void;
  /** Told of the answer to each command that has a route. */
  readonly onAnswer?: (command: string, answer: unknown) => void;
  /** Told of each step before it is played, by its place in the list. */
  readonly onStep?: (index: number) => void;
  /** How a request is made; once, if nothing else is said. */
  readonly call?: typeof call;
}

const notices = ['NoticeSent', 'NoticeDelivered', 'NoticeFailed'];
/** A journey that lives over the first of a month has its coverage checked again, whatever else happens in it. */
const coverage = ['EligibilityCheckRequested', 'EligibilityConfirmed'];
const patienceMs = 30_000;

/** Plays a worked journey through the REST API, each step at its instant of the frozen clock. Returns the journey's id. */
export async function drive(play: Drive, steps: readonly WorkedStep[]): Promise<string> {
  const run = new Run(play);
  for (const [index, step] of steps.entries()) {
    play.onStep?.(index);
    await run.play(step, index);
  }
  return run.journeyId;
}

class Run {
  journeyId = '';
  private readonly history: HistoryEvent[] = [];
  /** Events that the steps so far have accounted for. */
  private matched = 0;
  private readonly system: System;
  private readonly texts: Readonly<Record<string, string>>;
  private readonly name: string;
  private readonly onEvent: Drive['onEvent'];
  private readonly onAnswer: Drive['onAnswer'];
  private readonly request: typeof call;

  constructor({ system, texts, name, onEvent, onAnswer, call: request = call }: Drive) {
    this.system = system;
    this.texts = texts;
    this.name = name;
    this.onEvent = onEvent;
    this.onAnswer = onAnswer;
    this.request = request;
  }

  /** Moves the clock to the step's instant, gives its command, and waits until its events stand in the history. */
  async play(step: WorkedStep, index: number): Promise<void> {
    await this.advanceTo(step.at);
    const expected = this.matched + step.events.length;
    if (this.own().length < expected) await this.give(step, `${this.name}-${index}`);
    await this.waitFor(expected, step);
    const got = this.own()
      .slice(this.matched, expected)
      .map(({ type }) => type);
    if (got.join() !== step.events.join())
      throw new Error(`${step.command} should leave ${step.events.join(', ')} and left ${got.join(', ')}`);
    this.matched = expected;
  }

  private own(): readonly HistoryEvent[] {
    const accepted = this.history.find(({ type }) => type === 'JourneyAccepted')?.version ?? Number.POSITIVE_INFINITY;
    return this.history.filter(({ type, version }) => !notices.includes(type) && !(coverage.includes(type) && version > accepted));
  }

  private async advanceTo(at: Instant): Promise<void> {
    const { now } = (await this.call('GET', '/dev/clock', 'K')) as { now: Instant };
    if (at > now) await this.call('PUT', '/dev/clock', 'K', { at, scale: 0 });
  }

  private async give(step: WorkedStep, key: string): Promise<void> {
    if (step.command === 'NoteConversationTurn') return this.post(step, key);
    if (step.role === 'A' || step.role === 'T') return;
    const data = await this.dataOf(step);
    if (step.command === 'StartJourney') {
      const started = (await this.call('POST', '/v1/journeys', step.role, data, key)) as { journeyId: string };
      this.journeyId = started.journeyId;
      return;
    }
    const answer = await this.call('POST', `/v1/journeys/${this.journeyId}/${kebab(step.command)}`, step.role, data, key);
    this.onAnswer?.(step.command, answer);
  }

  /** A turn is noted because somebody wrote: the message goes to the conversation. */
  private async post(step: WorkedStep, key: string): Promise<void> {
    const { conversationId, turn } = (await this.dataOf(step)) as { conversationId: string; turn: string };
    const bodyRef = await this.store('message');
    const role = turn === 'patient' ? 'X' : 'C';
    const message = { messageId: key, bodyRef, ...(turn === 'clinicianAsks' && { asks: true }) };
    await this.call('POST', `/v1/conversations/${conversationId}/post-message`, role, message, key);
  }

  private async dataOf({ data }: WorkedStep): Promise<object> {
    const names: string[] = [];
    data(
      (type) => this.entityOf(type),
      (text) => names.push(text).toString(),
    );
    const references = new Map<string, string>();
    for (const text of names) references.set(text, await this.store(text));
    return data(
      (type) => this.entityOf(type),
      (text) => references.get(text) ?? '',
    );
  }

  private async store(text: string): Promise<string> {
    const stored = await this.call(
      'POST',
      `/v1/journeys/${this.journeyId}/texts`,
      'K',
      { text: this.texts[text] ?? text },
      `${this.name}-${text}-${this.matched}`,
    );
    return (stored as { reference: string }).reference;
  }

  private entityOf(type: string): string {
    const found = this.history.findLast((event) => event.type === type);
    if (!found) throw new Error(`no ${type} has happened`);
    return found.entityId;
  }

  private async waitFor(count: number, step: WorkedStep): Promise<void> {
    const until = Date.now() + patienceMs;
    while (this.own().length < count) {
      if (Date.now() > until) throw new Error(`${step.command} left no ${step.events.join(', ')} within ${patienceMs / 1_000} s`);
      await this.read();
      if (this.own().length < count) await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  private async read(): Promise<void> {
    if (!this.journeyId) return;
    const after = this.history.at(-1)?.version ?? 0;
    const { events } = (await this.call('GET', `/v1/journeys/${this.journeyId}/history?after=${after}`, 'L')) as { events: HistoryEvent[] };
    for (const event of events) {
      this.history.push(event);
      this.onEvent(event);
    }
  }

  private call(method: string, path: string, role: Role, body?: object, key?: string): Promise<unknown> {
    return this.request(this.system, { method, path, role, ...(body && { body }), ...(key && { key }) });
  }
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly role: Role;
  readonly body?: object;
  /** Idempotency key. */
  readonly key?: string;
}

/** One request as a role. Returns the parsed answer. @throws Error with the problem when it is no success */
export async function call({ api, tokens }: System, { method, path, role, body, key }: Call): Promise<unknown> {
  const headers = {
    authorization: `Bearer ${tokens[role] ?? ''}`,
    ...(body && { 'content-type': 'application/json' }),
    ...(key && { 'idempotency-key': key }),
  };
  const answer = await fetch(`${api}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path.split('?')[0]} answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Moves the journey clock; every open run looks at it again. */
export const moveClock = async (system: System, change: { readonly at?: Instant; readonly scale?: number }): Promise<void> =>
  void (await call(system, { method: 'PUT', path: '/dev/clock', role: 'K', body: change }));

const kebab = (command: string): string => command.replace(/[A-Z]/g, (letter, i) => `${i > 0 ? '-' : ''}${letter.toLowerCase()}`);
