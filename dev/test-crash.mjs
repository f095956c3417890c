/**
 * The long test of crashes: `npm run test:crash -- --minutes 15 --seed 1`. With `--points a,b` only the first, middle and last hits of these places;
 * with `--planted` the proof that it can fail: bugs are planted into copies of the build, and each has to be seen.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import jest from '../jest.config.js';
import { build } from './setup-build.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    points: { type: 'string' },
    planted: { type: 'boolean', default: false },
  },
});
const wanted = {
  minutes: Number(values.minutes),
  seed: Number(values.seed),
  planted: values.planted,
  ...(values.points && { points: values.points.split(',') }),
};

await build(process.cwd());
const config = { ...jest, rootDir: process.cwd(), testMatch: ['<rootDir>/test/crash/under-fire.ts'] };
const { status } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', '--runInBand', '--config', JSON.stringify(config)], {
  stdio: 'inherit',
  env: {
    ...process.env,
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    CARETRAIL_TEST_FIRE: JSON.stringify(wanted),
  },
});
process.exit(status ?? 1);
