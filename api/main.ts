// The process of the API.
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import closeWithGrace from 'close-with-grace';
import type { Pool } from 'pg';
import { createReferences } from '../activities/references.ts';
import { createStreams } from '../activities/streams.ts';
import { type ConfigWith, readConfig } from '../config.ts';
import { webhookRoutes } from '../interop/webhook-plugin.ts';
import { waitingJourneys } from '../projections/waiting.ts';
import type { EventStore } from '../store/event-store.ts';
import { failPoints, type Pass } from '../store/fail-point.ts';
import { commitmentKeyOf, keyFor, loadKeyFile } from '../store/key-file.ts';
import type { Clock, Inbox, Vault } from '../store/ports.ts';
import { openApiReader } from '../store/postgres/api-reader.ts';
import { openJourneyClock } from '../store/postgres/clock.ts';
import { openEventStore } from '../store/postgres/event-store.ts';
import { openIdempotency } from '../store/postgres/idempotency.ts';
import { openInbox } from '../store/postgres/inbox.ts';
import { openPool } from '../store/postgres/pool.ts';
import { openVault } from '../store/postgres/vault.ts';
import { systemClock } from '../store/system-clock.ts';
import { payloadCodec } from '../workflows/codec.ts';
import { createSender, type Sender, senderConnection } from '../workflows/send.ts';
import type { ApiParts } from './app.ts';
import { composeApi } from './compose.ts';
import { webhookSchema } from './documentation.ts';
import { openViews } from './open-views.ts';

const needed = ['databaseWriterUrl', 'databaseApiUrl', 'temporalAddress', 'keyFile', 'jwks', 'jwtIssuer', 'jwtAudience'] as const;
type Settings = ConfigWith<(typeof needed)[number]>;

async function run(config: Settings): Promise<void> {
  const writer = openPool(config.databaseWriterUrl);
  const reader = openPool(config.databaseApiUrl);
  const connection = Connection.lazy({ address: config.temporalAddress, ...senderConnection });
  const masterKey = await loadKeyFile(config.keyFile);
  const client = new Client({
    connection,
    namespace: config.temporalNamespace,
    dataConverter: { payloadCodecs: [payloadCodec(masterKey)] },
  });
  const sender = createSender({ client, ...config });
  const pass = failPoints(config.failPoints);
  const apiReader = openApiReader(reader);
  const api = await composeApi(config, {
    ...storedParts(config, { writer, masterKey, sender, pass }),
    pass,
    send: sender.send,
    reader: apiReader,
    log: apiReader,
    views: openViews(reader),
    screens: fileURLToPath(new URL('../../web/dist', import.meta.url)),
    checks: {
      store: () => writer.query('SELECT position FROM head'),
      views: () => reader.query('SELECT position FROM head'),
      runner: () => connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.getSystemInfo({})),
    },
  });
  closeWithGrace({ delay: 30_000, logger: api.app.log as never }, async ({ err }) => {
    if (err) api.app.log.error({ err }, 'ending after a fault');
    await api.close();
    await Promise.all([writer.end(), reader.end(), connection.close()]);
  });
  api.app.log.info(await api.listen(), 'listening');
}

interface Opened {
  readonly writer: Pool;
  readonly masterKey: Buffer;
  readonly sender: Sender;
  readonly pass: Pass;
}

type StoredParts = Pick<ApiParts, 'executeOn' | 'vault' | 'idempotency' | 'fingerprintKey' | 'clock' | 'plugins' | 'development'>;

/** What stands on the writer's connections. */
function storedParts(config: Settings, { writer, masterKey, sender, pass }: Opened): StoredParts {
  const store = openEventStore(writer);
  const vault = openVault(writer, masterKey);
  const journeyClock = config.journeyClock === 'journey' ? openJourneyClock(writer) : undefined;
  const clock = journeyClock ?? systemClock;
  return {
    vault,
    clock,
    executeOn: streamsOf({ store, vault, clock, masterKey }),
    idempotency: openIdempotency(writer),
    fingerprintKey: keyFor(masterKey, 'caretrail request fingerprints'),
    plugins: [webhookRoutes({ inbox: passingInbox(openInbox(writer), pass), secrets: secretsOf(config), clock, schema: webhookSchema })],
    ...(journeyClock && { development: { clock: journeyClock, refreshAll: refreshAll(store, sender) } }),
  };
}

interface StreamParts {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly masterKey: Buffer;
}

function streamsOf({ store, vault, clock, masterKey }: StreamParts): ApiParts['executeOn'] {
  const references = createReferences(store);
  const streams = createStreams({
    store,
    vault,
    clock,
    references,
    commitmentKey: commitmentKeyOf(masterKey),
    report: ({ stream, commandId, error }) =>
      process.stderr.write(`${JSON.stringify({ stream, commandId, defect: error instanceof Error ? error.stack : 'unknown' })}\n`),
  });
  return streams.execute;
}

/** Dies, if a test wants it, with a message that is kept and not acknowledged. */
const passingInbox = (inbox: Inbox, pass: Pass): Pick<Inbox, 'receive'> => ({
  async receive(message) {
    const isNew = await inbox.receive(message);
    pass('inbox.received', message.source);
    return isNew;
  },
});

/** The parties of the sample share one secret; a source without a secret is not known. */
const secretsOf = ({ partnerSecret }: Settings): Readonly<Record<string, string>> =>
  partnerSecret === undefined ? {} : { pharmacy: partnerSecret, courier: partnerSecret, notices: partnerSecret };

const refreshAll = (store: EventStore, sender: Sender): (() => Promise<void>) => {
  const waiting = waitingJourneys(store);
  return async () => {
    for (const journeyId of await waiting()) await sender.refresh(journeyId);
  };
};

await run(readConfig(needed));
