/**
 * Writes down what the rules do: docs/state-machine.md, and one sample of every event in test/golden. The tests that hold the
 * code against both write them when they are told to; without the databases of the other tests they take some seconds.
 */
import { spawnSync } from 'node:child_process';
import jest from '../jest.config.js';

const { globalSetup: _databases, globalTeardown: _gone, ...config } = jest;
const run = (script, args, environment = {}) =>
  spawnSync(process.execPath, [script, ...args], { stdio: 'inherit', env: { ...process.env, ...environment } }).status ?? 1;

const tested = run(
  'node_modules/jest/bin/jest.js',
  ['--config', JSON.stringify({ ...config, rootDir: process.cwd() }), 'test/state-machine'],
  {
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    CARETRAIL_WRITE_SAMPLES: '1',
  },
);
const formatted = run('node_modules/@biomejs/biome/bin/biome', ['format', '--write', 'test/golden']);
process.exit(tested || formatted);
