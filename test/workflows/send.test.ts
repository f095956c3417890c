import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../dev/embedded/free-port.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import { createSender, RunnerUnavailable, senderConnection } from '../../workflows/send.ts';

async function unanswered() {
  const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}`, ...senderConnection });
  const sender = createSender({ client: new Client({ connection }), taskQueue: 'nobody', runLength: 4 });
  return { connection, sender };
}

const actor = { kind: 'system', id: 'T', role: 'T' } as const;
const message = (): CommandMessage => ({ id: randomUUID(), type: 'GrantConsent', data: {}, actor, source: 'api' });

test('a runner that does not answer in time is named', async () => {
  const { connection, sender } = await unanswered();
  await expect(sender.send('unanswered', message(), 200)).rejects.toThrow(RunnerUnavailable);
  await connection.close();
});

test('closing the connection under a command that waits ends the command, not the process', async () => {
  const { connection, sender } = await unanswered();
  const sent = sender.send('closed-under', message(), 5_000);
  // The first refusal has come, and the command waits to be given again.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await connection.close();
  await expect(sent).rejects.toThrow();
  // As long as the SDK would have waited before it called on the closed channel.
  await new Promise((resolve) => setTimeout(resolve, 500));
});
