// `npm start`: the whole system with embedded parts, a sample clinic, and one journey from beginning to end.
import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { demo } from './demo.ts';
import { bringUp } from './embedded/system.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({ options: { 'no-demo': { type: 'boolean', default: false }, port: { type: 'string', default: '8080' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  process.stderr.write('--port must be a whole number from 1 to 65535\n');
  process.exit(2);
}

const system = await bringUp({ port, print });
const grace = closeWithGrace({ delay: 30_000 }, async ({ err }) => {
  if (err) process.stderr.write(`${err.message}\n`);
  print('Stopping …');
  await system.stop();
});
system.onLost((name) => {
  process.stderr.write(`${name} ended by itself; its log stands in ${system.logs}\n`);
  process.exitCode = 1;
  grace.close();
});

print(`  API        ${system.api}`);
print(`  API docs   ${system.api}/docs`);
print(`  Temporal   ${system.temporalScreens ?? system.temporal}`);
print(`  Tokens     ${system.runFile} (one for each role, valid for two hours, renewed every hour)`);

if (!values['no-demo']) {
  await demo({ ...system.forDemo(), print });
  await system.thaw();
}
print('Running. Ctrl-C stops everything.');
