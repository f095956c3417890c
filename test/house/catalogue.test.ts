import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { firstPlay } from '../../dev/clinic.ts';
import { castOf } from '../../dev/demo.ts';
import { j1 } from '../../dev/journeys/j1.ts';
import { familyOf, loadPopulation } from '../../dev/population.ts';

type Catalogue = Readonly<Record<'events' | 'commands' | 'refusals', readonly string[]>>;

const printed = JSON.parse(
  execFileSync('npm', ['run', '-s', 'catalogue'], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } }),
) as Catalogue;
const reference = readFileSync('docs/domain.md', 'utf8');
const section = (number: number): string => reference.split(/^## /m).find((text) => text.startsWith(`${number}. `)) ?? '';
const quoted = (text: string): ReadonlySet<string> => new Set([...text.matchAll(/`([A-Za-z][A-Za-z-]*)`/g)].map(([, name = '']) => name));

describe('the catalogue', () => {
  test('holds only events of the domain reference, section 17', () => {
    const known = quoted(section(17));
    expect(printed.events.filter((name) => !known.has(name))).toEqual([]);
  });

  test('holds only commands of the domain reference, section 18', () => {
    const known = quoted(section(18));
    expect(printed.commands.filter((name) => !known.has(name))).toEqual([]);
  });

  test('holds only refusal codes of the domain reference, section 5', () => {
    const known = quoted(section(5));
    expect(printed.refusals.filter((code) => !known.has(code))).toEqual([]);
  });

  test('holds every command and event that J-1 uses', () => {
    const steps = j1(castOf(familyOf(loadPopulation()), firstPlay));
    expect(steps.map(({ command }) => command).filter((name) => !printed.commands.includes(name))).toEqual([]);
    expect(steps.flatMap(({ events }) => events).filter((name) => !printed.events.includes(name))).toEqual([]);
  });

  test('holds nothing that no test names', () => {
    const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.includes('house/'),
    );
    const named = [...files.map((name) => `test/${name}`), 'dev/journeys/j1.ts', 'dev/journeys/j2.ts']
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    const all = [...printed.events, ...printed.commands, ...printed.refusals];
    expect(all.filter((name) => !new RegExp(`['"\`]${name}['"\`]|\\b${name}:`).test(named))).toEqual([]);
  });
});
