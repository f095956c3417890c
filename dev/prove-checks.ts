/**
 * The proof that every check can fail: plants a violation of each rule and asserts that the check reports that rule and no
 * other, and nothing where the planted file keeps the law. Run by `npm test`.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { findings, houseRules } from './checks/house.ts';
import { asSource, forCompiler, forDeadCode, forHouse, forLinter } from './checks/planted-files.ts';
import { lawful, textOf, unlawful } from './checks/planted-imports.ts';
import { inPlantedProject } from './checks/planted-project.ts';

/** What was reported, and what should be: lines of `<file>: <rule>`. */
interface Proof {
  readonly check: string;
  readonly reported: readonly string[];
  readonly expected: readonly string[];
}

type Planted = readonly [path: string, content: unknown, ...rules: string[]];

const expect = (planted: readonly Planted[]): string[] => planted.flatMap(([path, , ...rules]) => rules.map((rule) => `${path}: ${rule}`));
const filesOf = (planted: readonly (readonly [string, string, ...string[]])[]): Record<string, string> =>
  Object.fromEntries(planted.map(([path, text]) => [path, text]));

const proofs: readonly (() => Promise<Proof>)[] = [importLaw, types, lint, deadCode, house];

async function importLaw(): Promise<Proof> {
  const kept = Object.fromEntries(Object.entries(lawful).map(([path, imports]) => [path, textOf(path, imports)]));
  const broken = Object.fromEntries(unlawful.map(([path, imports]) => [path, textOf(path, imports)]));
  const [inLawful, inBroken] = await Promise.all([cruise(kept), cruise({ ...kept, ...broken })]);
  const { forbidden } = createRequire(import.meta.url)(resolve('.dependency-cruiser.cjs')) as { forbidden: { name: string }[] };
  const planted = new Set(unlawful.flatMap(([, , ...rules]) => rules));
  const unproved = forbidden.filter(({ name }) => !planted.has(name)).map(({ name }) => `nothing planted for ${name}`);
  return { check: 'import law', reported: [...inLawful, ...inBroken, ...unproved], expected: expect(unlawful) };
}

function cruise(files: Readonly<Record<string, string>>): Promise<string[]> {
  return inPlantedProject(files, async (run) => {
    const { text } = await run(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      '.',
    );
    const { summary } = JSON.parse(text) as { summary: { violations: { from: string; rule: { name: string } }[] } };
    return summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`);
  });
}

function types(): Promise<Proof> {
  return inPlantedProject(filesOf(forCompiler), async (run) => {
    const { text } = await run('typescript/bin/tsc', '--noEmit', '--incremental', 'false', '--pretty', 'false');
    const reported = [...text.matchAll(/^(.+)\(\d+,\d+\): error (TS\d+)/gm)].map(([, path, code]) => `${path}: ${code}`);
    return { check: 'types', reported, expected: expect(forCompiler) };
  });
}

function lint(): Promise<Proof> {
  return inPlantedProject(filesOf(forLinter), async (run) => {
    const { text } = await run(
      '@biomejs/biome/bin/biome',
      'check',
      '--vcs-enabled=false',
      '--reporter=json',
      ...Object.keys(filesOf(forLinter)),
    );
    const { diagnostics } = JSON.parse(text) as { diagnostics: { category: string; location: { path: string } }[] };
    return {
      check: 'lint',
      reported: diagnostics.map((found) => `${found.location.path}: ${found.category}`),
      expected: expect(forLinter),
    };
  });
}

function deadCode(): Promise<Proof> {
  return inPlantedProject(filesOf(forDeadCode), async (run) => {
    const { text } = await run('knip/bin/knip.js', '--reporter', 'json', '--include', 'files,exports,types');
    type Names = readonly { name: string }[];
    const { issues } = JSON.parse(text) as { issues: { file: string; files: Names; exports: Names; types: Names }[] };
    const reported = issues.flatMap(({ file, files, exports, types }) => [
      ...files.map(() => `${file}: file`),
      ...[...exports, ...types].map(({ name }) => `${file}: ${name}`),
    ]);
    return { check: 'dead code', reported, expected: expect(forDeadCode) };
  });
}

async function house(): Promise<Proof> {
  const reported = forHouse.flatMap((planted) => findings([asSource(planted)]).map(({ rule }) => `${planted[0]}: ${rule}`));
  const planted = new Set(forHouse.flatMap(([, , ...rules]) => rules));
  const unproved = houseRules.filter(({ name }) => !planted.has(name)).map(({ name }) => `nothing planted for ${name}`);
  return { check: 'house rules', reported: [...reported, ...unproved], expected: expect(forHouse) };
}

/** Prints what was seen to fail; returns whether every check did just that. */
function judge({ check, reported, expected }: Proof): boolean {
  const told = new Set(reported);
  const missed = expected.filter((line) => !told.has(line));
  const wrong = [...told].filter((line) => !expected.includes(line));
  const rules = new Set(expected.map((line) => line.slice(line.indexOf(': ') + 2)));
  console.log(`${check}: seen to fail for ${[...rules].join(', ')} (${expected.length - missed.length} of ${expected.length} planted)`);
  for (const line of missed) console.error(`  not reported: ${line}`);
  for (const line of wrong) console.error(`  reported without cause: ${line}`);
  return missed.length === 0 && wrong.length === 0;
}

const judged = (await Promise.all(proofs.map((prove) => prove()))).map(judge);
if (judged.includes(false)) process.exit(1);
