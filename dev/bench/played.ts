// The first day of J-1 as the activities decide it, without a runner: real events for the measures that need many.
import { journeyStream } from '../../domain/kernel/stream.ts';
import type { StoredEvent } from '../../store/event-store.ts';
import { loadKeyFile } from '../../store/key-file.ts';
import { openPlay } from './caller.ts';
import { openDeciding } from './deciding.ts';
import type { Setting } from './setting.ts';

const journeyId = 'bench-played';

/** The events of one journey of J-1 up to its delivery. @throws Error when a command is refused */
export async function playedEvents({ writer, keyFile, castFor, reference }: Setting): Promise<readonly StoredEvent[]> {
  const { store, execute, asOf } = openDeciding({ pool: writer, masterKey: await loadKeyFile(keyFile), runId: () => 'bench' });
  const play = openPlay({
    journeyId,
    cast: castFor(0),
    reference,
    isIdle: false,
    send: async (id, message) => (await asOf(message.occurredAt, () => execute(id, message, []))).answer,
  });
  while (await play.next());
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(journeyStream(journeyId))) events.push(event);
  return events;
}
