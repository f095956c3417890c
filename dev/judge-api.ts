// `npm run judge:api`: schemathesis, an outside judge, asks a system that is brought up for it whether it answers as its document says.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { clinic } from './clinic.ts';
import { freePort } from './embedded/free-port.ts';
import { type BroughtUp, bringUp } from './embedded/system.ts';
import { documentFor, type JudgedDocument, type KnownIds, unasked } from './judged-document.ts';
import { projectRoot } from './project-root.ts';

const version = '4.32.5';
const folder = join(projectRoot, '.caretrail/judge');
const packages = join(folder, `schemathesis-${version}`);
const checks = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance'];
/** Who asks, in this order, each what nobody before may do. */
const roles = ['X', 'C', 'K', 'O', 'L', 'A', 'V', 'D', 'B', 'E', 'M', 'S', 'W', 'Y', 'P'];
/** Real time in which everything must have been asked. */
const patienceMs = 15 * 60_000;

type Run = Pick<BroughtUp, 'api' | 'tokens'>;

/** What keeps the judge from judging. */
function stop(message: string): never {
  throw new Error(message);
}

interface Showing {
  readonly env?: Readonly<Record<string, string>>;
  readonly ms?: number;
}

/** Runs a program in the judge's folder, where it keeps what it remembers, with its output on the screen. Returns its exit code, 124 when its time was over. */
function show(program: string, args: readonly string[], { env = {}, ms = patienceMs }: Showing = {}): Promise<number> {
  const child = spawn(program, args, {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    timeout: ms,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 124));
  });
}

/** Fetches the judge into a folder of its own, unless it is there. */
async function install(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const isThere = await access(packages).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const part = `${packages}.part-${process.pid}`;
  const code = await show('python3', ['-m', 'pip', 'install', '--quiet', '--target', part, `schemathesis==${version}`]);
  if (code === 0) return rename(part, packages);
  await rm(part, { recursive: true, force: true });
  const why = code === 127 ? 'there is no python3' : `python3 -m pip ended with ${code}`;
  stop(`schemathesis ${version} could not be installed: ${why}. Python 3.10 or newer with pip and a network is needed.`);
}

async function call(method: string, url: string, token: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  const answered = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!answered.ok) throw new Error(`${method} ${url} was answered ${answered.status}`);
  return answered.json();
}

/** A journey of its own for each role, so that commands reach the rules and none finds what another has closed. */
async function startJourney({ api, tokens }: Run): Promise<KnownIds> {
  const token = tokens.X ?? stop('the running system has no token of a parent');
  const { patients, tenant } = (await call('GET', `${api}/v1/me`, token)) as {
    readonly patients: readonly string[];
    readonly tenant: string;
  };
  const known = { patientId: patients[0] ?? stop('the parent has no child'), employerId: tenant };
  const how = { entryPoint: 'app', templateId: 'sore-throat', modality: 'async', zone: clinic.zone };
  const { journeyId } = (await call('POST', `${api}/v1/journeys`, token, { ...known, ...how })) as { readonly journeyId: string };
  return { ...known, journeyId };
}

const settings = `rate-limit = "auto"
continue-on-failure = true
warnings = false

[auth.openapi.bearer]
bearer = "\${CARETRAIL_JUDGE_TOKEN}"
`;

interface Asking {
  readonly run: Run;
  readonly role: string;
  readonly document: JudgedDocument;
  readonly examples: string;
  readonly seed: string;
  /** Real time at which it must be over. */
  readonly until: number;
}

/** Has the judge ask everything as one role. Returns whether it is content. */
async function judge({ run, role, document, examples, seed, until }: Asking): Promise<boolean> {
  const paths = { document: join(folder, `${role}.json`), settings: join(folder, 'settings.toml'), report: join(folder, `${role}.ndjson`) };
  await writeFile(paths.document, JSON.stringify(document));
  await writeFile(paths.settings, settings);
  const args = ['--config-file', paths.settings, 'run', paths.document, '--url', run.api, '--phases', 'coverage,fuzzing'];
  const bounds = ['--checks', checks.join(), '--max-examples', examples, '--seed', seed, '--generation-database', 'none'];
  // Patterns that few texts fit make it slow to find examples; that says nothing about the API.
  const patience = ['--suppress-health-check', 'filter_too_much,too_slow'];
  const report = ['--report', 'ndjson', '--report-ndjson-path', paths.report];
  const env = { PYTHONPATH: packages, CARETRAIL_JUDGE_TOKEN: run.tokens[role] ?? stop(`there is no token of the role ${role}`) };
  process.stdout.write(`\n── as ${role}: ${Object.keys(document.paths).length} paths\n`);
  const ms = Math.max(1, until - Date.now());
  const code = await show('python3', [join(packages, 'bin/schemathesis'), ...args, ...bounds, ...patience, ...report], { env, ms });
  if (code === 124) process.stdout.write(`\nthe time was over before everything was asked as ${role}\n`);
  else process.stdout.write(`${role} was answered: ${await tally(paths.report)}\n`);
  for (const path of Object.values(paths)) await rm(path, { force: true });
  return code === 0;
}

interface Finished {
  readonly ScenarioFinished?: {
    readonly recorder: { readonly interactions: Readonly<Record<string, { readonly response: { readonly status_code: number } | null }>> };
  };
}

/** How often each status was answered: what was turned away for being too much was not judged, and shows here as 429. */
async function tally(report: string): Promise<string> {
  const counts = new Map<number, number>();
  for await (const line of createInterface({ input: createReadStream(report) })) {
    const { ScenarioFinished: finished } = JSON.parse(line) as Finished;
    for (const { response } of Object.values(finished?.recorder.interactions ?? {}))
      counts.set(response?.status_code ?? 0, (counts.get(response?.status_code ?? 0) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${status} × ${count}`)
    .join(', ');
}

const { values } = parseArgs({ options: { examples: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } } });

/** Has everything asked, each operation as one role. Returns the roles that found something. */
async function askAll(run: Run): Promise<readonly string[]> {
  const whole = (await call('GET', `${run.api}/openapi.json`, '')) as JudgedDocument;
  const nobodys = unasked(whole, roles);
  if (nobodys.length > 0) stop(`no role here may ask ${nobodys.join(', ')}`);
  const until = Date.now() + patienceMs;
  const unhappy: string[] = [];
  for (const [i, role] of roles.entries()) {
    const document = documentFor(whole, role, await startJourney(run), roles.slice(0, i));
    if (Object.keys(document.paths).length === 0) continue;
    const isContent = await judge({ run, role, document, examples: values.examples, seed: values.seed, until });
    if (!isContent) unhappy.push(role);
  }
  return unhappy;
}

const system = join(folder, 'system');
const stops: (() => Promise<void>)[] = [];
const grace = closeWithGrace({ delay: 30_000, logger: false }, async ({ err, signal }) => {
  if (err) process.stderr.write(`${err.message}\n`);
  if (err || signal) process.exitCode = 1;
  for (const end of stops.toReversed()) await end();
  await rm(system, { recursive: true, force: true });
  if (process.exitCode) process.exit();
});

try {
  await install();
  await rm(system, { recursive: true, force: true });
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const run = await bringUp({ port: await freePort(), folder: system, print, started: (end) => void stops.push(end) });
  const unhappy = await askAll(run);
  print(unhappy.length === 0 ? '\nno 5xx and no undocumented answer' : `\nfound something as ${unhappy.join(', ')}`);
  process.exitCode = unhappy.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
grace.close();
