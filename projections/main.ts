// The process of the views.
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { serveMetrics } from '../api/metrics.ts';
import { readConfig } from '../config.ts';
import { failPoints } from '../store/fail-point.ts';
import { openEventStore } from '../store/postgres/event-store.ts';
import { openPool } from '../store/postgres/pool.ts';
import { foldThreads } from './fold-threads.ts';
import { viewMetrics } from './metrics.ts';
import { type Report, runView } from './runner.ts';
import { views } from './views.ts';

/** For each view one connection that leads, one that reads, and some for a rebuild; one for the metrics. */
const connections = 3 * views.length + 1;

const config = readConfig(['databaseProjectorUrl']);
const log = pino({ level: config.logLevel, name: 'projections' });
const pool = openPool(config.databaseProjectorUrl, connections);
// Messages may quote data; the name says enough.
const report: Report = ({ what, error, ...told }) => {
  const entry = error === undefined ? told : { ...told, error: error instanceof Error ? error.name : 'unknown' };
  if (what === 'stopped') log.error(entry, 'the view has stopped: an event cannot be taken');
  else log[error === undefined ? 'info' : 'warn'](entry, what);
};
const store = openEventStore(pool);
const { apiHost: host, metricsPort: port } = config;
const metrics = port === undefined ? undefined : await serveMetrics(viewMetrics(pool), { host, port });
const pass = failPoints(config.failPoints);
const threads = foldThreads(config.databaseProjectorUrl);
const running = views.map((view) => runView(view, { pool, store, report, pass, threads }));
closeWithGrace({ delay: 20_000, logger: log }, async ({ err }) => {
  if (err) log.error({ error: err.name }, 'ending after a fault');
  metrics?.close();
  await Promise.all(running.map((view) => view.stop()));
  await pool.end();
});
log.info({ views: views.map(({ name }) => name) }, 'the views run');
