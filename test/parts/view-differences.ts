import { rebuild } from '../../projections/rebuild.ts';
import { tableOf } from '../../projections/tables.ts';
import type { View } from '../../projections/view.ts';
import { waitForPosition } from '../../projections/view-status.ts';
import { views } from '../../projections/views.ts';
import type { EventStore } from '../../store/event-store.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import type { TestDatabase } from './postgres.ts';

const patienceMs = 60_000;

/** Waits until views are at the head of the log. @throws Error when one is not after a minute */
export async function settled({ api }: TestDatabase, store: EventStore, some: readonly View[] = views): Promise<void> {
  const head = await store.head();
  for (const { name } of some) {
    if (!(await waitForPosition(api, name, head, patienceMs))) throw new Error(`the view ${name} is not at ${head}`);
  }
}

/** Rows in which a view's table and one that is built from nothing by the same declaration differ; compared both ways. */
export async function differencesOf({ projector }: TestDatabase, store: EventStore, view: View): Promise<readonly unknown[]> {
  const scratch: View = { ...view, name: `${view.name}_scratch` };
  await rebuild(scratch, { pool: projector, store });
  const [live, built] = [tableOf(view), tableOf(scratch)];
  const { rows } = await projector.query(
    `(SELECT 'live' AS only_in, * FROM ${live} EXCEPT ALL SELECT 'live', * FROM ${built})
     UNION ALL (SELECT 'scratch', * FROM ${built} EXCEPT ALL SELECT 'scratch', * FROM ${live})`,
  );
  await projector.query(`DROP TABLE ${built}`);
  await projector.query("UPDATE views.status SET position = 0, state = 'running' WHERE view = $1", [scratch.name]);
  return rows;
}

/** The same of every view that is live, by the name of the view; {} if none differs. */
export async function viewDifferences(database: TestDatabase): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const store = openEventStore(database.projector);
  await settled(database, store);
  const found: Record<string, readonly unknown[]> = {};
  for (const view of views) {
    const rows = await differencesOf(database, store, view);
    if (rows.length > 0) found[view.name] = rows;
  }
  return found;
}
