/**
 * The long tests of crashes and faults, whose files are named `*.fire.ts`: `npm run test:crash -- --minutes 15 --seed 1`. `--minutes` is how long
 * the kills at named places go on. `--only points` or `--only faults` takes one half; `--points a,b` the first, middle and last hits of these
 * places alone. `--planted`, or `--planted-only a,b`, is the proof that it can fail: bugs are planted into copies of the build.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import jest from '../jest.config.js';
import { build } from './setup-build.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    points: { type: 'string' },
    planted: { type: 'boolean', default: false },
    'planted-only': { type: 'string' },
  },
});
const bugs = values['planted-only']?.split(',');
const isProof = values.planted || bugs !== undefined;
const wanted = {
  minutes: Number(values.minutes),
  seed: Number(values.seed),
  ...(values.points && { points: values.points.split(',') }),
  ...(bugs && { bugs }),
};

const files = { points: ['crash/points'], faults: ['faults/*'], everything: ['crash/points', 'faults/*'], planted: ['crash/planted'] };
const part = isProof ? 'planted' : values.points ? 'points' : (values.only ?? 'everything');
const testMatch = files[part]?.map((file) => `<rootDir>/test/${file}.fire.ts`);
if (!testMatch) throw new Error('--only takes points or faults');

await build(process.cwd());
const config = { ...jest, rootDir: process.cwd(), testMatch };
const { status } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', '--runInBand', '--config', JSON.stringify(config)], {
  stdio: 'inherit',
  env: {
    ...process.env,
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    CARETRAIL_TEST_FIRE: JSON.stringify(wanted),
  },
});
process.exit(status ?? 1);
