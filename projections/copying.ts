import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import { columnNames, copyLines, type StreamRow } from './tables.ts';
import type { View } from './view.ts';

const bufferSize = 64 * 1024;

/** Rows on their way into a table by COPY. The connection serves nothing else until `end`. */
export interface Copying {
  /** Resolves once there is room for more. */
  write(rows: readonly StreamRow[]): Promise<void>;
  /** @throws the driver's error */
  end(): Promise<void>;
}

/** Begins to copy rows into a table. */
export function startCopy(client: PoolClient, view: View, table: string): Copying {
  const line = copyLines(view);
  const stream = client.query(from(`COPY ${table} (${columnNames(view).join(', ')}) FROM STDIN`));
  const done = finished(stream);
  done.catch(() => undefined);
  let buffer = '';
  const flush = async (): Promise<void> => {
    const room = stream.write(buffer);
    buffer = '';
    if (!room) await Promise.race([once(stream, 'drain'), done]);
  };
  return {
    async write(rows) {
      for (const row of rows) buffer += line(row);
      if (buffer.length >= bufferSize) await flush();
    },
    async end() {
      stream.end(buffer);
      await done;
    },
  };
}
