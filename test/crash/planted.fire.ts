// The proof that the long form can fail: bugs are planted into copies of the build, and each has to be seen.
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { enter } from './battlefield.ts';
import { buildWith, type PlantedBug, plantedBugs } from './planted-bugs.ts';
import { type PlantedInPart, plantedInParts } from './planted-in-parts.ts';
import { lineOf } from './table.ts';
import { say, wanted } from './wanted.ts';

const tenMinutes = 600_000;

/** What was red in a system of this build; undefined if all stayed green. */
type Proof = (built: string) => Promise<string | undefined>;

const fight =
  ({ name, attack }: PlantedBug): Proof =>
  async (built) => {
    const field = await enter(`fire-${name}`, built);
    try {
      const fought = await field.fight(attack);
      say(lineOf(fought));
      return fought.red;
    } finally {
      await field.leave();
    }
  };

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly failureMessages: readonly string[] }[];
  }[];
}

/** Runs the tests of the part. Those of a system that did not come up fail too, but show nothing. */
const runTests =
  ({ fire, test: start }: PlantedInPart): Proof =>
  async (built) => {
    const results = join(built, 'results.json');
    const which = ['--testMatch', `<rootDir>/test/faults/${fire}.fire.ts`, '--testNamePattern', `^${start}`];
    const env = { ...process.env, CARETRAIL_TEST_FIRE: JSON.stringify({ ...wanted, built }) };
    const jest = ['node_modules/jest/bin/jest.js', '--runInBand', '--json', '--outputFile', results, ...which];
    spawnSync(process.execPath, jest, { env, stdio: 'ignore' });
    const { testResults } = JSON.parse(await readFile(results, 'utf8')) as Results;
    const run = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status !== 'pending');
    if (run.length === 0) throw new Error(`no test of ${fire}.fire.ts that begins with "${start}" was run`);
    return run.flatMap(({ failureMessages }) => failureMessages).find((message) => !/hook|beforeAll/.test(message));
  };

const proofs = [
  ...plantedBugs.map((bug) => ({ bug, proof: fight(bug) })),
  ...plantedInParts.map((bug) => ({ bug, proof: runTests(bug) })),
].filter(({ bug }) => wanted.bugs?.includes(bug.name) ?? true);

test.each(proofs.map(({ bug, proof }) => [bug.says, bug, proof] as const))(
  'a system is seen red when %s',
  async (says, bug, proof) => {
    const build = await buildWith(bug);
    try {
      const red = await proof(build.folder);
      say(`${says}\n${red ?? 'GREEN'}`);
      expect(red).toBeDefined();
    } finally {
      await build.remove();
    }
  },
  tenMinutes,
);
