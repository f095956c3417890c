import type { Checkpoints } from '../ports.ts';
import type { Database } from './pool.ts';

/**
 * The checkpoints over a pool of the writer's or the projector's role, or over one client inside its transaction, so that a
 * position commits together with the rows that it stands for. A reader never seen stands at 0, and none goes back: what one worker has
 * delivered stays so when another, which had fallen behind, says how far it has come.
 */
export function openCheckpoints(database: Database): Checkpoints {
  return {
    load: async (reader) => {
      const { rows } = await database.query<{ position: number }>('SELECT position FROM checkpoints WHERE reader = $1', [reader]);
      return rows[0]?.position ?? 0;
    },
    save: async (reader, position) => {
      await database.query(
        `INSERT INTO checkpoints AS old (reader, position) VALUES ($1, $2)
         ON CONFLICT (reader) DO UPDATE SET position = greatest(old.position, excluded.position)`,
        [reader, position],
      );
    },
  };
}
