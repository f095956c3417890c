import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const env = { ...process.env, NODE_OPTIONS: '' };
const run = (...args: readonly string[]): string =>
  execFileSync('npm', ['run', '-s', 'bench', '--', ...args], { env, encoding: 'utf8', stdio: 'pipe' });

test('the bench prints one JSON object keyed by measure, and its reader has missed nothing', () => {
  const found = JSON.parse(run('--json', '--once', 'append')) as Record<string, Record<string, unknown>>;
  expect(Object.keys(found)).toEqual(['append.1', 'append.8', 'append.32']);
  for (const measured of Object.values(found)) {
    expect(measured).toMatchObject({
      ours: expect.any(Number),
      baseline: expect.any(Number),
      ratio: expect.any(Number),
      unit: 'events/s',
      cpuMsPerCommand: { bench: expect.any(Number), postgres: expect.any(Number) },
      more: { missed: 0, followed: expect.any(Number), foreign: expect.any(Number) },
    });
  }
}, 120_000);

test('a measure that there is not is refused, with those that there are', () => {
  expect(() => run('nothing')).toThrow(/a measure is one of: commands, append, rebuild, board, visible, recovery, memory/);
});

test('docs/performance.md tells of every measure', () => {
  const text = readFileSync('docs/performance.md', 'utf8');
  const names = [
    'commands.cached',
    'commands.uncached',
    'append.1',
    'append.8',
    'append.32',
    'rebuild',
    'board.p99',
    'visible',
    'recovery',
    'memory',
  ];
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
