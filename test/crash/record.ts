// What must hold of the record and of the partners' ledgers, whatever was killed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventId } from '../../activities/ids.ts';
import type { ReceivedCall } from '../../dev/partners/control.ts';
import type { PartyName } from '../../dev/partners/party.ts';
import { readDue } from '../../projections/due.ts';
import type { StoredEvent } from '../../store/event-store.ts';
import { openJourneyClock } from '../../store/postgres/clock.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import type { TestSystem } from '../parts/system.ts';
import type { Answered } from './client.ts';

export type Streams = ReadonlyMap<string, readonly StoredEvent[]>;

/** Every journey's events in order, by stream. */
export const journeysOf = (system: TestSystem): Promise<Streams> => streamsOf(system, ['journey-']);

/** The same of whatever streams have these prefixes; of all streams without any. */
export async function streamsOf({ database }: TestSystem, streamPrefixes?: readonly string[]): Promise<Streams> {
  const streams = new Map<string, StoredEvent[]>();
  const filter = streamPrefixes ? { filter: { streamPrefixes } } : {};
  for await (const event of openEventStore(database.writer).readAll(filter)) {
    const events = streams.get(event.stream) ?? [];
    if (events.push(event) === 1) streams.set(event.stream, events);
  }
  return streams;
}

/** The conversations that were opened, one entry for each time. */
export async function openedConversations({ database }: TestSystem): Promise<readonly string[]> {
  const opened: string[] = [];
  const filter = { streamPrefixes: ['conversation-'], types: ['ConversationOpened'] };
  for await (const { stream } of openEventStore(database.writer).readAll({ filter })) opened.push(stream);
  return opened;
}

/** Each command left its events once and in one piece, and no revision is missing. */
export function expectWhole(streams: Streams): void {
  for (const [stream, events] of streams) {
    expect(events.map(({ version }) => version)).toEqual(events.map((_, i) => i + 1));
    for (const commandId of new Set(events.map((event) => event.commandId))) {
      const left = events.filter((event) => event.commandId === commandId);
      expect(left.map(({ id }) => id)).toEqual(left.map((_, ordinal) => eventId(stream, commandId, ordinal)));
      expect(left.map(({ version }) => version)).toEqual(left.map((_, i) => (left[0]?.version ?? 0) + i));
    }
  }
}

/** What was answered to somebody is stored under the command that it was answered to: these events and no others. */
export async function expectAnswered({ database }: TestSystem, accepted: readonly Answered[]): Promise<void> {
  const text = 'SELECT command_id, event_id AS id FROM events WHERE command_id = ANY($1) ORDER BY position';
  const { rows } = await database.writer.query<{ command_id: string; id: string }>(text, [accepted.map(({ commandId }) => commandId)]);
  const stored = new Map<string, string[]>();
  for (const row of rows) stored.set(row.command_id, [...(stored.get(row.command_id) ?? []), row.id]);
  for (const { commandId, events } of accepted) expect(stored.get(commandId) ?? []).toEqual(events.map(({ id }) => id));
}

/** A command of which nobody knows what became of it has happened on one stream at most; that it happened once there, expectWhole has seen. */
export async function expectAtMostOnce({ database }: TestSystem, lost: readonly string[]): Promise<void> {
  const text = 'SELECT command_id FROM events WHERE command_id = ANY($1) GROUP BY command_id HAVING count(DISTINCT stream) > 1';
  expect((await database.writer.query(text, [lost])).rows).toEqual([]);
}

/** Nothing waits that could be done at this instant: no deadline and no effect is due. */
export async function expectNothingDue({ database }: TestSystem): Promise<void> {
  const now = await openJourneyClock(database.writer).now();
  expect(await readDue(database.writer, now, 100)).toEqual([]);
}

/** No message of a partner was set aside. */
export async function expectNothingParked({ database }: TestSystem): Promise<void> {
  const { rows } = await database.writer.query('SELECT position, reason FROM inbox_parked');
  expect(rows).toEqual([]);
}

/** Keys of what a partner has done, from its own ledger. */
function ledgerOf({ folder }: TestSystem, party: PartyName): readonly string[] {
  const file = join(folder, 'partners', `${party}.jsonl`);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as { readonly key: string }).key).toSorted();
}

/** The event that asks a partner for something, and the effect that does it. */
const intents: readonly (readonly [PartyName, type: string, effect: string])[] = [
  ['eligibility', 'EligibilityCheckRequested', 'eligibility'],
  ['safety', 'RxSafetyCheckRequested', 'rx-check'],
  ['pharmacy', 'PrescriptionSigned', 'rx-send'],
  ['courier', 'DeliveryRequested', 'courier'],
  ['payment', 'CopayRequested', 'copay'],
  ['notices', 'NoticeSent', 'notice'],
];

/** A delivery is asked for leg by leg; J-1 needs one. */
const legOf = (party: PartyName): string => (party === 'courier' ? '.1' : '');

/** The event that says that a call was not brought to its end: the partner may have done it or not. */
const notCompleted = 'RxSafetyCheckNotCompleted';

/** Each partner has done once what the events ask of it, and nothing else. */
export function expectOnePerIntent(system: TestSystem, streams: Streams): void {
  for (const [party, type, effect] of intents) {
    const keysOf = (wanted: string): readonly string[] =>
      [...streams].flatMap(([stream, events]) =>
        events
          .filter((event) => event.type === wanted)
          .map(({ entityId }) => `${stream.slice('journey-'.length)}/${effect}.${entityId}${legOf(party)}`),
      );
    const inDoubt = new Set(party === 'safety' ? keysOf(notCompleted) : []);
    const done = ledgerOf(system, party);
    const doneInDoubt = done.filter((key) => inDoubt.has(key));
    expect([...new Set(doneInDoubt)]).toEqual(doneInDoubt);
    const sure = (keys: readonly string[]): readonly string[] => keys.filter((key) => !inDoubt.has(key)).toSorted();
    expect([party, ...sure(done)]).toEqual([party, ...sure(keysOf(type))]);
  }
}

/** Partners that can be asked what became of a call. */
const asked: readonly PartyName[] = ['notices', 'pharmacy', 'courier', 'payment'];

/** Nothing was sent again to a partner that had done it: it was asked first. */
export async function expectAskedBefore({ partners }: TestSystem): Promise<void> {
  for (const party of asked) {
    const calls = (await (await fetch(`${partners.url}/control/${party}/calls`)).json()) as readonly ReceivedCall[];
    const sent = calls.filter(({ operation }) => operation === 'send').map(({ key }) => key);
    expect([party, ...sent.filter((key, i) => sent.indexOf(key) !== i)]).toEqual([party]);
  }
}
