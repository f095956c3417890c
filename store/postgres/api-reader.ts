import type { Pool } from 'pg';
import type { LogRange, StoredEvent, StreamRange } from '../event-store.ts';
import type { Scope } from '../ports.ts';
import { portError } from './failures.ts';
import { type Database, inTransaction } from './pool.ts';
import { eventsUpTo, headPosition, logPage, streamPage } from './read.ts';

/** Reads for the API, each in one transaction within its scope. */
export interface ApiReader {
  /** Events of a stream that the scope may see; default all. @throws Unavailable */
  readStream(scope: Scope, stream: string, range?: StreamRange): Promise<readonly StoredEvent[]>;
  /** Events of the log that the scope may see, at most `limit`, 500 by default. @throws Unavailable */
  readAll(scope: Scope, range?: LogRange): Promise<readonly StoredEvent[]>;
  /** Position of the last event of all, 0 in an empty store. @throws Unavailable */
  head(): Promise<number>;
  /** How many events up to a position the scope may see. @throws Unavailable */
  count(scope: Scope, upTo: number): Promise<number>;
}

const most = 2_147_483_647;
const nobody: Scope = { tenant: '', patients: [] };

/** The reader over a pool of the API's role. */
export function openApiReader(api: Pool): ApiReader {
  return {
    readStream: (scope, stream, { from, backwards = false, limit = most } = {}) =>
      within(api, scope, (database) => streamPage(database, stream, from ?? (backwards ? Number.MAX_SAFE_INTEGER : 1), backwards, limit)),
    readAll: (scope, { after = 0, filter, limit = 500 } = {}) =>
      within(api, scope, async (database) => logPage(database, { after, upTo: await headPosition(database), filter }, limit)),
    head: () => within(api, nobody, headPosition),
    // Positions are gapless: whoever sees all need not count them.
    count: async (scope, upTo) =>
      scope.tenant === '*' && scope.patients === '*' ? upTo : within(api, scope, (database) => eventsUpTo(database, upTo)),
  };
}

async function within<T>(api: Pool, { tenant, patients }: Scope, read: (database: Database) => Promise<T>): Promise<T> {
  const ids = patients === '*' ? '*' : patients.join(',');
  try {
    return await inTransaction(api, async (client) => {
      await client.query("SELECT set_config('caretrail.tenant', $1, true), set_config('caretrail.patients', $2, true)", [tenant, ids]);
      return read(client);
    });
  } catch (error) {
    throw portError(error);
  }
}
