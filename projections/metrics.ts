// How far the views are behind, as metrics. Labels are the names of views.
import type { Pool } from 'pg';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type ViewStatus, viewStatus } from './view-status.ts';

/** Gauges of every view, read from the database at each scrape, and those of the process. */
export function viewMetrics(pool: Pool): { readonly registry: Registry } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const watched = (name: string, help: string, valueFrom: (status: ViewStatus) => number): Gauge<'view'> =>
    new Gauge({
      name,
      help,
      labelNames: ['view'],
      registers: [registry],
      async collect() {
        for (const status of await viewStatus(pool)) this.set({ view: status.view }, valueFrom(status));
      },
    });
  watched('caretrail_view_lag_events', 'Events that a view does not show yet.', ({ lagEvents }) => lagEvents);
  watched(
    'caretrail_view_lag_seconds',
    'Age of the oldest event that a view does not show yet, in journey time.',
    ({ lagSeconds }) => lagSeconds,
  );
  watched('caretrail_view_stopped', '1 if a view has stopped before an event that it cannot take.', ({ state }) =>
    state === 'stopped' ? 1 : 0,
  );
  return { registry };
}
