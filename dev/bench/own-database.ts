// A PostgreSQL of a measure's own, which leaves nothing behind, however the bench ends.
import { join } from 'node:path';
import { type Database, openDatabase } from '../embedded/database.ts';
import { removePostgres } from '../embedded/postgres.ts';
import { isAlive } from '../embedded/postgres-process.ts';
import { openSecrets } from '../secrets.ts';

/** Starts it in this folder, with the secrets that stand in `keys` there or are made. @throws Error when it does not come up */
export async function openOwnDatabase(folder: string): Promise<Database> {
  const database = await openDatabase(folder, await openSecrets(join(folder, 'keys')));
  const killAtExit = (): void => void (isAlive(database.pid) && process.kill(database.pid, 'SIGKILL'));
  process.once('exit', killAtExit);
  return {
    ...database,
    async stop() {
      process.removeListener('exit', killAtExit);
      await database.stop();
    },
  };
}

/** Deletes what is left of it. */
export const removeOwnDatabase = (folder: string): Promise<void> => removePostgres({ folder: join(folder, 'postgres') });
