// Builds a view anew while everything goes on: `npm run rebuild -- <view>`.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foldThreads } from '../projections/fold-threads.ts';
import { rebuild } from '../projections/rebuild.ts';
import { viewOf, views } from '../projections/views.ts';
import { databaseRole } from '../store/postgres/cluster.ts';
import { openEventStore } from '../store/postgres/event-store.ts';
import { openPool } from '../store/postgres/pool.ts';
import { projectRoot } from './project-root.ts';
import { rawSeconds } from './rebuild-baseline.ts';
import { openSecrets } from './secrets.ts';

const usage = `usage: npm run rebuild -- <view>; a view is ${views.map(({ name }) => name).join(', ')}`;

/** Ends the command with a message for the person who typed it. */
function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** The database of the running system, or the one that the environment names. */
async function databaseUrl(): Promise<string> {
  const named = process.env.CARETRAIL_DATABASE_PROJECTOR_URL;
  if (named) return named;
  const folder = join(projectRoot, '.caretrail');
  const run = await readFile(join(folder, 'run.json'), 'utf8').catch(() =>
    stop('nothing runs here: start it with npm start, or set CARETRAIL_DATABASE_PROJECTOR_URL'),
  );
  const url = new URL((JSON.parse(run) as { postgres: string }).postgres);
  const { passwords } = await openSecrets(join(folder, 'keys'));
  url.username = databaseRole('projector');
  url.password = passwords.projector;
  return url.href;
}

const barWidth = 40;
const redrawMs = 100;

/** A bar that is drawn over itself on a screen, and once per tenth in a file. */
function progressBar(): (position: number, head: number) => void {
  let drawn = 0;
  let tenth = -1;
  return (position, head) => {
    const share = head === 0 ? 1 : position / head;
    const isDone = position >= head;
    const isNews = process.stdout.isTTY ? isDone || Date.now() - drawn >= redrawMs : Math.floor(share * 10) > tenth;
    if (!isNews) return;
    drawn = Date.now();
    tenth = Math.floor(share * 10);
    const filled = '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░');
    const line = `${filled} ${position.toLocaleString('en')} of ${head.toLocaleString('en')} events`;
    process.stdout.write(process.stdout.isTTY ? `\r${line}${isDone ? '\n' : ''}` : `${line}\n`);
  };
}

const perSecond = (events: number, seconds: number): string => Math.round(events / seconds).toLocaleString('en');

const view = viewOf(process.argv[2] ?? '') ?? stop(usage);
const url = await databaseUrl();
const pool = openPool(url, 12);
try {
  const store = openEventStore(pool);
  const draw = progressBar();
  const began = performance.now();
  const events = await rebuild(view, { pool, store, threads: foldThreads(url), onProgress: ({ position, head }) => draw(position, head) });
  const seconds = (performance.now() - began) / 1_000;
  process.stdout.write(`rebuilt   ${perSecond(events, seconds)} events/s: ${events.toLocaleString('en')} in ${seconds.toFixed(1)} s\n`);
  const raw = await rawSeconds(pool, view, events);
  process.stdout.write(`raw       ${perSecond(events, raw)} events/s: the same events read and the same rows copied, nothing folded\n`);
  process.stdout.write(`ratio     ${(raw / seconds).toFixed(2)}\n`);
} finally {
  await pool.end();
}
