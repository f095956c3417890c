import type { EventStore, NewEvent } from '../../store/event-store.ts';
import type { Inbox } from '../../store/ports.ts';
import { openCheckpoints } from '../../store/postgres/checkpoints.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openInbox } from '../../store/postgres/inbox.ts';
import { startInbox } from '../../worker/inbox.ts';
import { startOwed } from '../../worker/owed.ts';
import type { Trouble } from '../../worker/reader.ts';
import type { Answer, CommandMessage } from '../../workflows/messages.ts';
import { anEvent } from '../contract/events.ts';
import { until } from '../partners/clinic-side.ts';
import { createDatabase, type TestDatabase } from '../parts/postgres.ts';

let database: TestDatabase;
let store: EventStore;
let inbox: Inbox;
beforeEach(async () => {
  database = await createDatabase();
  store = openEventStore(database.writer);
  inbox = openInbox(database.writer);
});
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((reader) => reader.stop()));
  await database.drop();
});

const accepted: Answer = { accepted: true, revision: 1, position: 1, events: [] };
const refused = (code: string): Answer => ({ accepted: false, code, text: '', remedy: '', revision: 1, events: [] });

/** Targets that keep what they are given and answer as a test says. */
function targets() {
  const given: (readonly [string, CommandMessage])[] = [];
  const answers = new Map<string, () => Answer>();
  const take = async (target: string, message: CommandMessage): Promise<Answer> => {
    const answer = answers.get(target)?.() ?? accepted;
    given.push([target, message]);
    return answer;
  };
  return {
    given,
    answers,
    ids: () => given.map(([target, { id }]) => `${target} ${id}`),
    send: (id: string, message: CommandMessage) => take(`journey-${id}`, message),
    executeOn: (category: string, id: string, message: CommandMessage) => take(`${category}-${id}`, message),
  };
}

function watch() {
  const troubles: Trouble[] = [];
  const refusals: string[] = [];
  const parked: string[] = [];
  return {
    troubles,
    refusals,
    parked,
    report: (trouble: Trouble) => void troubles.push(trouble),
    refusedTo: ({ target, code }: { target: string; code: string }) => void refusals.push(`${target} ${code}`),
    parkedAs: ({ position, reason }: { position: number; reason: string }) => void parked.push(`${position} ${reason}`),
    pauseOf: () => 20,
  };
}

const queued = (consultId: string): NewEvent =>
  anEvent({ type: 'ConsultQueued', data: { consultId, modality: 'async', priority: 'routine', reasonCode: 'sore-throat' } });

describe('what is owed', () => {
  const start = (to: ReturnType<typeof targets>, seen: ReturnType<typeof watch>) => {
    const reader = startOwed({
      store,
      checkpoints: openCheckpoints(database.writer),
      send: to.send,
      executeOn: to.executeOn,
      report: seen.report,
      refused: seen.refusedTo,
      pauseOf: seen.pauseOf,
    });
    running.push(reader);
    return reader;
  };

  test('is sent from the log, under an id that follows from the event', async () => {
    const [to, seen] = [targets(), watch()];
    const event = queued('c1');
    await store.append('journey-j1', [event], 'none');
    start(to, seen);
    await until(() => to.given.length === 1);
    expect(to.given[0]).toEqual([
      'conversation-c1',
      {
        id: `owed:${event.id}:0`,
        type: 'OpenConversation',
        data: { conversationId: 'c1', journeyId: 'j1', employerId: 'employer-1', patientId: 'patient-1', postableFrom: event.occurredAt },
        actor: { kind: 'system', id: 'caretrail', role: 'T' },
        source: 'owed',
        occurredAt: event.occurredAt,
        causationId: event.id,
      },
    ]);
    await store.append('journey-j2', [queued('c2')], 'none');
    await until(() => to.given.length === 2);
  });

  test('to a target that fails waits by itself, and a crash meanwhile loses nothing', async () => {
    const [to, seen] = [targets(), watch()];
    let isAway = true;
    to.answers.set('conversation-c1', () => {
      if (isAway) throw new Error('away');
      return accepted;
    });
    await store.append('journey-j1', [queued('c1')], 'none');
    await store.append('journey-j2', [queued('c2')], 'none');
    const first = start(to, seen);
    await until(() => seen.troubles.length > 2 && to.given.length === 1);
    expect(to.given.map(([target]) => target)).toEqual(['conversation-c2']);
    await first.stop();
    expect(await openCheckpoints(database.writer).load('owed')).toBe(0);
    isAway = false;
    start(to, seen);
    await until(() => to.given.length === 3);
    expect(to.ids().filter((id) => id.startsWith('conversation-c2'))).toHaveLength(2);
    expect(new Set(to.ids()).size).toBe(2);
    await until(async () => (await openCheckpoints(database.writer).load('owed')) === 2);
  });

  test('and refused is reported and not tried again; a defect of ours is', async () => {
    const [to, seen] = [targets(), watch()];
    to.answers.set('conversation-c1', () => refused('entity-unknown'));
    to.answers.set('conversation-c2', () => refused('internal-error'));
    await store.append('journey-j1', [queued('c1'), queued('c2')], 'none');
    start(to, seen);
    await until(() => to.ids().filter((id) => id.startsWith('conversation-c2')).length > 2);
    expect(seen.refusals).toEqual(['conversation-c1 entity-unknown']);
    to.answers.clear();
    await until(async () => (await openCheckpoints(database.writer).load('owed')) === 2);
  });
});

describe('the inbox', () => {
  const at = '2026-10-06T21:04:00.000Z';
  const verified = (id: string, reference: string) => ({
    source: 'pharmacy',
    externalId: id,
    body: { id, kind: 'status', reference, at, status: 'verified' },
    receivedAt: Date.parse(at),
  });
  const start = (to: ReturnType<typeof targets>, seen: ReturnType<typeof watch>) => {
    const reader = startInbox({
      inbox,
      checkpoints: openCheckpoints(database.writer),
      send: to.send,
      report: seen.report,
      parked: seen.parkedAs,
      pauseOf: seen.pauseOf,
    });
    running.push(reader);
    return reader;
  };

  test('becomes commands, also what came in while nobody read it', async () => {
    const [to, seen] = [targets(), watch()];
    await inbox.receive(verified('m1', 'j1/p1'));
    start(to, seen);
    await until(() => to.given.length === 1);
    await inbox.receive(verified('m2', 'j2/p1'));
    await until(() => to.given.length === 2);
    expect(to.ids()).toEqual(['journey-j1 pharmacy:m1', 'journey-j2 pharmacy:m2']);
    await until(async () => (await openCheckpoints(database.writer).load('inbox')) === 2);
  });

  test('sets aside what cannot be read, and what no journey knows', async () => {
    const [to, seen] = [targets(), watch()];
    to.answers.set('journey-j9', () => refused('entity-unknown'));
    await inbox.receive({ source: 'pharmacy', externalId: 'm1', body: { unreadable: 'e30=' }, receivedAt: 0 });
    await inbox.receive(verified('m2', 'j9/p1'));
    await inbox.receive(verified('m3', 'j1/p1'));
    start(to, seen);
    await until(async () => (await openCheckpoints(database.writer).load('inbox')) === 3);
    expect(seen.parked.toSorted()).toEqual(['1 unreadable', '2 entity-unknown']);
    expect((await inbox.read(0, 10)).map(({ position }) => position)).toEqual([3]);
    expect(to.ids()).toContain('journey-j1 pharmacy:m3');
  });

  test('tries again while the runner is away or the clocks differ, and goes on with other journeys', async () => {
    const [to, seen] = [targets(), watch()];
    const troubles = [() => refused('occurred-in-future'), () => Promise.reject(new Error('the runner is away')) as never, () => accepted];
    to.answers.set('journey-j1', () => (troubles.shift() ?? (() => accepted))());
    await inbox.receive(verified('m1', 'j1/p1'));
    await inbox.receive(verified('m2', 'j2/p1'));
    start(to, seen);
    await until(async () => (await openCheckpoints(database.writer).load('inbox')) === 2);
    expect(troubles).toEqual([]);
    expect(seen.parked).toEqual([]);
  });
});
