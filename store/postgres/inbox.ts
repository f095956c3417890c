import type { Inbox, InboxMessage } from '../ports.ts';
import type { Database } from './pool.ts';

/** The inbox over a pool of the writer's role. Reading passes over what was parked. */
export function openInbox(writer: Database): Inbox {
  return {
    receive: async ({ source, externalId, body, receivedAt }) => {
      const values = [source, externalId, JSON.stringify(body ?? null), receivedAt];
      const { rows } = await writer.query<{ isNew: boolean }>('SELECT receive($1, $2, $3, $4) AS "isNew"', values);
      return rows[0]?.isNew === true;
    },
    read: async (after, limit) => {
      const { rows } = await writer.query<InboxMessage>(
        `SELECT position, source, external_id AS "externalId", body, received_at AS "receivedAt" FROM inbox i
         WHERE position > $1 AND NOT EXISTS (SELECT FROM inbox_parked p WHERE p.position = i.position)
         ORDER BY position LIMIT $2`,
        [after, limit],
      );
      return rows;
    },
    park: async (position, reason) => {
      await writer.query('INSERT INTO inbox_parked (position, reason) VALUES ($1, $2) ON CONFLICT DO NOTHING', [position, reason]);
    },
  };
}
