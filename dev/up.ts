// `npm start`: the whole system with embedded parts, a sample clinic, and one journey from beginning to end.
import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { demo } from './demo.ts';
import { bringUp } from './embedded/system.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({ options: { 'no-demo': { type: 'boolean', default: false }, port: { type: 'string' } } });
const port = values.port === undefined ? undefined : Number(values.port);
if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65_535)) {
  process.stderr.write('--port must be a whole number from 1 to 65535\n');
  process.exit(2);
}

const stops: (() => Promise<void>)[] = [];
let stopping = false;
const grace = closeWithGrace({ delay: 30_000, logger: false }, async ({ err }) => {
  stopping = true;
  if (err) process.stderr.write(`${err.message}\n`);
  print('Stopping …');
  for (const stop of stops.toReversed()) await stop();
  if (process.exitCode) process.exit();
});

try {
  await run();
} catch (error) {
  // Whatever fails once everything is being stopped fails for that reason.
  if (!stopping) fail(error instanceof Error ? error.message : String(error));
}

async function run(): Promise<void> {
  const system = await bringUp({ port, print, started: (stop) => void stops.push(stop) });
  system.onLost((name) => !stopping && fail(`${name} ended by itself; its log stands in ${system.logs}`));
  print(`  Board      ${system.api}`);
  print(`  API        ${system.api}/v1`);
  print(`  API docs   ${system.api}/docs`);
  print(`  Temporal   ${system.temporalScreens ?? system.temporal}`);
  print(`  Tokens     ${system.runFile} (one for each role, valid for two hours, renewed every hour)`);
  print('  Sign in, each link once and within ten minutes; npm run sign-in prints new ones:');
  for (const { role, link } of await system.signInLinks()) print(`    ${role.padEnd(20)} ${link}`);
  if (!values['no-demo']) {
    await demo({ ...system.forDemo(), print });
    await system.thaw();
  }
  print('Running. Ctrl-C stops everything.');
}

/** Stops everything and ends with an error. */
function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
  grace.close();
}
