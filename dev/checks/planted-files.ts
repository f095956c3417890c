import type { Source } from './sources.ts';

/** A file that breaks the rules named beside its text, and no other. */
type Planted = readonly [path: string, text: string, ...rules: string[]];

export const forCompiler: readonly Planted[] = [
  ['domain/wrong-type.ts', `export const count: number = 'one';\n`, 'TS2322'],
  ['domain/perhaps-missing.ts', `export const first = (list: string[]): string => list[0];\n`, 'TS2322'],
  ['domain/undefined-option.ts', `export const name: { first?: string } = { first: undefined };\n`, 'TS2375'],
  ['domain/emits-code.ts', `export enum Stage {\n  One,\n}\n`, 'TS1294'],
  ['domain/left-over.ts', `const left = 1;\nexport {};\n`, 'TS6133'],
];

const work = `export async function work(): Promise<void> {}\n`;

export const forLinter: readonly Planted[] = [
  ['domain/floating.ts', `${work}work();\n`, 'lint/nursery/noFloatingPromises'],
  ['domain/misused.ts', `${work}export const busy = work() ? 1 : 2;\n`, 'lint/nursery/noMisusedPromises'],
  ['domain/anything.ts', `export const anything: any = 1;\n`, 'lint/suspicious/noExplicitAny'],
  ['domain/surely.ts', `export const surely = (list: string[]) => list[0]!.length;\n`, 'lint/style/noNonNullAssertion'],
  ['domain/ragged.ts', `export const ragged   =  "1"\n`, 'format'],
];

export const forDeadCode: readonly Planted[] = [
  ['worker/main.ts', `import { used } from '../domain/used.ts';\nexport const main = used;\n`],
  [
    'domain/used.ts',
    `export const used = 1;\nexport const nobodyUses = 2;\nexport interface Nobody {\n  id: string;\n}\n`,
    'nobodyUses',
    'Nobody',
  ],
  ['domain/forgotten.ts', `export const forgotten = 1;\n`, 'file'],
];

const long = (lines: number): string => 'export {};\n'.repeat(lines);

export const forHouse: readonly Planted[] = [
  ['domain/clock.ts', `export const now = () => Date.now();`, 'pure-domain'],
  ['domain/today.ts', `export const today = () => new Date();`, 'pure-domain'],
  ['domain/today-text.ts', `export const today = () => Date();`, 'pure-domain'],
  ['domain/dice.ts', `export const dice = () => Math.random();`, 'pure-domain'],
  ['domain/waits.ts', `export const wait = () => setTimeout(() => {}, 1);`, 'pure-domain'],
  ['domain/asks.ts', `export const ask = () => fetch('http://localhost');`, 'pure-domain'],
  ['domain/place.ts', `export const place = { process }.process.cwd();`, 'pure-domain'],
  ['domain/names.ts', `/** process, fetch */\nexport const x = { process: 'Date.now()', at: new Date(5) }.process;`],
  ['domain/at-limit.ts', long(300)],
  ['domain/too-long.ts', long(301), 'file-length'],
  ['api/reads.ts', `export const port = process.env.PORT;`, 'environment-in-config'],
  ['api/reads-by-key.ts', `export const port = process['env'].PORT;`, 'environment-in-config'],
  ['api/takes-apart.ts', `const { env } = process;\nexport const port = env.PORT;`, 'environment-in-config'],
  ['api/imports.ts', `import { env } from 'node:process';\nexport const port = env.PORT;`, 'environment-in-config'],
  ['config.ts', `export const port = process.env.PORT;`],
  ['dev/port.ts', `export const port = process.env.PORT;`],
  ['test/alone.test.ts', `test.only('alone', () => {});`, 'every-test-runs'],
  ['test/skipped.test.ts', `describe.skip('later', () => {});`, 'every-test-runs'],
  ['test/owed.test.ts', `it.todo('owed');`, 'every-test-runs'],
  ['test/crossed-out.test.ts', `xit('later', () => {});`, 'every-test-runs'],
  ['test/each.test.ts', `test.skip.each([1])('later', () => {});`, 'every-test-runs'],
  ['test/named.test.ts', `test('.only in a name', () => list.only);`],
  ['api/utils.ts', '', 'telling-name'],
  ['store/helpers/rows.ts', '', 'telling-name'],
  ['domain/common.ts', '', 'telling-name'],
  ['interop/types/lab.ts', '', 'telling-name'],
  ['shared/rows.ts', '', 'top-folders'],
  ['docs/rows.md', ''],
  ['package-lock.json', `{ "resolved": "https://example.org/a.tgz" }`, 'lock-names-no-registry'],
];

export const asSource = ([path, text]: Planted): Source => ({ path, text });
