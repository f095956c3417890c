// What must hold of the record and of the partners' ledgers, whatever was killed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventId } from '../../activities/ids.ts';
import type { StoredEvent } from '../../store/event-store.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import type { TestSystem } from '../parts/system.ts';

export type Streams = ReadonlyMap<string, readonly StoredEvent[]>;

/** Every journey's events in order, by stream. */
export async function journeysOf({ database }: TestSystem): Promise<Streams> {
  const streams = new Map<string, StoredEvent[]>();
  for await (const event of openEventStore(database.writer).readAll({ filter: { streamPrefixes: ['journey-'] } })) {
    streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
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

/** Keys of what a partner has done, from its own ledger. */
function ledgerOf({ folder }: TestSystem, party: string): readonly string[] {
  const lines = readFileSync(join(folder, 'partners', `${party}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as { readonly key: string }).key).toSorted();
}

/** The payer was asked once for each question, and each notice went out once. */
export function expectOnePerIntent(system: TestSystem, streams: Streams): void {
  const keys = (type: string, effect: string): readonly string[] =>
    [...streams].flatMap(([stream, events]) =>
      events.filter((event) => event.type === type).map(({ entityId }) => `${stream.slice('journey-'.length)}/${effect}.${entityId}`),
    );
  expect(ledgerOf(system, 'eligibility')).toEqual(keys('EligibilityCheckRequested', 'eligibility').toSorted());
  expect(ledgerOf(system, 'notices')).toEqual(keys('NoticeSent', 'notice').toSorted());
}
