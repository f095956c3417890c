// `npm run judge:api`: schemathesis, an outside judge, asks the system that npm start has brought up whether it answers as its document says.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { clinic } from './clinic.ts';
import { documentFor, type JudgedDocument, type KnownIds } from './judged-document.ts';
import { projectRoot } from './project-root.ts';

const version = '4.32.5';
const folder = join(projectRoot, '.caretrail/judge');
const packages = join(folder, `schemathesis-${version}`);
const checks = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance'];
/** Who asks, in this order; the last three only for what nobody before them may do. */
const roles = ['X', 'K', 'C', 'O', 'L', 'A'];
const others = ['V', 'D', 'B'];

interface Run {
  readonly api: string;
  readonly tokens: Readonly<Record<string, string>>;
}

/** Ends the command with a message for the person who typed it. */
function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** Runs a program in the judge's folder, where it keeps what it remembers, with its output on the screen. Returns its exit code. */
function show(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const child = spawn(program, args, { cwd: folder, stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
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
  stop(
    `schemathesis ${version} could not be installed: python3 -m pip ended with ${code}. Python 3.10 or newer with pip and a network is needed.`,
  );
}

async function readRun(): Promise<Run> {
  const text = await readFile(join(projectRoot, '.caretrail/run.json'), 'utf8').catch(() => undefined);
  return text === undefined ? stop('nothing runs; npm start -- --no-demo brings it up') : (JSON.parse(text) as Run);
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
}

/** Has the judge ask everything as one role. Returns whether it is content. */
async function judge({ run, role, document, examples, seed }: Asking): Promise<boolean> {
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
  const code = await show('python3', [join(packages, 'bin/schemathesis'), ...args, ...bounds, ...patience, ...report], env);
  process.stdout.write(`${role} was answered: ${await tally(paths.report)}\n`);
  await rm(paths.report);
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

const { values } = parseArgs({
  options: {
    role: { type: 'string', multiple: true },
    examples: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const run = await readRun();
await install();
const whole = (await call('GET', `${run.api}/openapi.json`, '')) as JudgedDocument;
const unhappy: string[] = [];
for (const role of values.role ?? [...roles, ...others]) {
  const document = documentFor(whole, role, await startJourney(run), others.includes(role) ? roles : []);
  const isContent = await judge({ run, role, document, examples: values.examples, seed: values.seed });
  if (!isContent) unhappy.push(role);
}
process.stdout.write(unhappy.length === 0 ? '\nno 5xx and no undocumented answer\n' : `\nfound something as ${unhappy.join(', ')}\n`);
process.exitCode = unhappy.length === 0 ? 0 : 1;
