import { type Report, type RunnerParts, type RunningView, runView } from '../../projections/runner.ts';
import type { View } from '../../projections/view.ts';
import { views } from '../../projections/views.ts';
import type { EventStore } from '../../store/event-store.ts';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { createDatabase, type TestDatabase } from '../parts/postgres.ts';
import { differencesOf, settled } from '../parts/view-differences.ts';

export type Told = Parameters<Report>[0];

/** A database with a log that a test writes, and with views that it runs. */
export interface ViewsDatabase {
  readonly database: TestDatabase;
  /** Over the writer's role, for the test. */
  readonly store: EventStore;
  /** What the runners told. */
  readonly told: Told[];
  /** Starts runners; they end with the database. */
  run(some?: readonly View[], parts?: Partial<RunnerParts>): readonly RunningView[];
  /** Waits until views are at the head. @throws Error when one is not after ten seconds */
  settled(some?: readonly View[]): Promise<void>;
  /** Rows in which a view's table and one that is built from scratch differ. */
  differences(view: View): Promise<readonly unknown[]>;
  drop(): Promise<void>;
}

export async function openViews(): Promise<ViewsDatabase> {
  const database = await createDatabase();
  const store = openEventStore(database.writer);
  const projectorStore = openEventStore(database.projector);
  const told: Told[] = [];
  const running: RunningView[] = [];
  const parts: RunnerParts = { pool: database.projector, store: projectorStore, report: (entry) => told.push(entry) };
  return {
    database,
    store,
    told,
    run(some = views, changed = {}) {
      const started = some.map((view) => runView(view, { ...parts, ...changed }));
      running.push(...started);
      return started;
    },
    settled: (some = views) => settled(database, store, some),
    differences: (view) => differencesOf(database, store, view),
    async drop() {
      await Promise.all(running.map((view) => view.stop()));
      await database.drop();
    },
  };
}
