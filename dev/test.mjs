/**
 * What `npm test` runs: one step after the other, until the first that fails. `--static` leaves out what runs code; other
 * arguments go to jest.
 */
import { spawn } from 'node:child_process';
import { build } from './setup-build.mjs';

const isStatic = process.argv.includes('--static');
const forJest = process.argv.slice(2).filter((argument) => argument !== '--static');
const nodeOptions = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  .filter(Boolean)
  .join(' ');

const checks = [
  ['types', 'node_modules/typescript/bin/tsc', '--noEmit'],
  ['lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--diagnostic-level=warn', '.'],
  ['import law', 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', '.'],
  ['house rules', 'dist/dev/checks/main.js'],
  ['dead code', 'node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'],
];
const trials = [
  ['every check can fail', 'dist/dev/prove-checks.js'],
  ['tests', 'node_modules/jest/bin/jest.js', ...forJest],
];

// Ctrl-C reaches the running step too; it says the last word.
process.on('SIGINT', () => undefined);

await build(process.cwd()).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
for (const [name, script, ...args] of isStatic ? checks : [...checks, ...trials]) {
  console.log(`\n── ${name}`);
  const code = await run(script, args);
  if (code === 0) continue;
  console.error(`\n${name}: failed`);
  process.exit(code ?? 1);
}

/** Runs one step in a process of its own; its exit code, or null when a signal ended it. */
function run(script, args) {
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit', env: { ...process.env, NODE_OPTIONS: nodeOptions } });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
}
