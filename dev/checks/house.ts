import type ts from 'typescript';
import type { Source } from './sources.ts';
import { environmentRead, impurity, loneTest, uses } from './syntax.ts';

/** A rule of the house that the linter cannot know; it reports what a file does against it. */
export interface HouseRule {
  readonly name: string;
  readonly why: string;
  readonly broken: (source: Source) => readonly string[];
}

export interface Finding {
  readonly rule: string;
  readonly message: string;
}

const folders = ['domain', 'store', 'workflows', 'activities', 'projections', 'interop', 'api', 'web', 'worker', 'dev', 'test', 'docs'];
const longest = 300;
const isCode = (path: string): boolean => /\.(ts|tsx|mjs|cjs)$/.test(path);

const seen = (source: Source, look: (node: ts.Node) => string | undefined): string[] =>
  uses(source, look).map(({ what, line }) => `${source.path}:${line} ${what}`);

/** The rules, in the order in which they are reported. */
export const houseRules: readonly HouseRule[] = [
  {
    name: 'pure-domain',
    why: 'a rule gets the time and its facts as arguments, so that it can be decided again',
    broken: (source) => (/^domain\/.*\.ts$/.test(source.path) ? seen(source, impurity) : []),
  },
  {
    name: 'environment-in-config',
    why: 'config.ts reads the environment once and checks it; nothing else does',
    broken: (source) => (/^(?!config\.ts$|dev\/|test\/).+\.tsx?$/.test(source.path) ? seen(source, environmentRead) : []),
  },
  {
    name: 'every-test-runs',
    why: 'a test that is skipped, or that runs alone, proves nothing',
    broken: (source) => (/^test\/.*\.ts$/.test(source.path) ? seen(source, loneTest) : []),
  },
  {
    name: 'file-length',
    why: `a file of more than ${longest} lines holds more than one thought`,
    broken: ({ path, text }) => {
      const lines = text.trimEnd().split('\n').length;
      return isCode(path) && lines > longest ? [`${path} has ${lines} lines`] : [];
    },
  },
  {
    name: 'telling-name',
    why: 'a name such as utils says nothing; name a file after what it is about',
    broken: ({ path }) => (/(^|\/)(utils?|helpers?|common|types)(\/|\.[a-z]+$)/.test(path) ? [path] : []),
  },
  {
    name: 'top-folders',
    why: 'twelve folders stand at the top, and no thirteenth without an ADR',
    broken: ({ path }) => {
      const [top, ...below] = path.split('/');
      return below.length > 0 && top !== undefined && !folders.includes(top) ? [`${top}/`] : [];
    },
  },
  {
    name: 'lock-names-no-registry',
    why: 'the lock file holds names and hashes, so that it installs from any registry',
    broken: ({ path, text }) => (path === 'package-lock.json' && text.includes('"resolved":') ? [path] : []),
  },
];

/** What the files do against the rules of the house, each finding once. */
export function findings(sources: readonly Source[]): Finding[] {
  return houseRules.flatMap((rule) =>
    [...new Set(sources.flatMap((source) => rule.broken(source)))].map((message) => ({ rule: rule.name, message })),
  );
}
