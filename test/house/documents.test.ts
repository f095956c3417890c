import { readdir, readFile } from 'node:fs/promises';
import { loadConfig, variables } from '../../config.ts';

const read = (path: string): Promise<string> => readFile(path, 'utf8');

/** The cells of the rows of a Markdown text's tables whose first cell is code. */
const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/^\| `(.+)` \|(.*)\|$/gm)].map(([, first = '', rest = '']) => [first, ...rest.split('|').map((cell) => cell.trim())]);

describe('docs/running.md', () => {
  test('lists every setting with what it must be, and no other', async () => {
    const rows = rowsOf(await read('docs/running.md')).filter(([name]) => /^[A-Z_]+$/.test(String(name)));
    expect(rows.map(([name, mustBe]) => ({ name, mustBe }))).toEqual(variables);
  });

  test('names the default of every setting that has one', async () => {
    const rows = rowsOf(await read('docs/running.md')).filter(([name]) => /^[A-Z_]+$/.test(String(name)));
    const defaults = rows.map(([, , preset]) => preset?.replaceAll('`', '')).filter((preset) => preset !== '');
    expect(defaults.sort()).toEqual(Object.values(loadConfig({})).map(String).sort());
  });

  test('names no command that package.json does not have', async () => {
    const { scripts } = JSON.parse(await read('package.json'));
    const named = [...(await read('docs/running.md')).matchAll(/`npm (?:run (?:-s )?)?([a-z:-]+)/g)].map(([, script]) => script);
    expect(named.filter((script) => script !== 'ci' && !(String(script) in scripts))).toEqual([]);
  });
});

describe('docs/adr', () => {
  test('numbers its decisions without a gap', async () => {
    const names = (await readdir('docs/adr')).sort();
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, i) => i + 1));
  });

  test('every decision says its number, its state, why and what follows', async () => {
    for (const name of await readdir('docs/adr')) {
      const text = await read(`docs/adr/${name}`);
      const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      expect([name, text.startsWith(`# ${Number(name.slice(0, 4))}. `), /^Status: /m.test(text)]).toEqual([name, true, true]);
      expect([name, ...headings]).toEqual([name, 'Context', 'Decision', 'Consequences']);
    }
  });

  test('every package stands on the list of dependencies with its licence and a reason', async () => {
    const manifest = JSON.parse(await read('package.json'));
    const rows = rowsOf(await read('docs/adr/0007-dependencies.md'));
    const expected = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(rows.map(([name]) => name).sort()).toEqual(expected.sort());
    for (const [name, licence, reason] of rows) {
      const { license } = JSON.parse(await read(`node_modules/${name}/package.json`));
      expect([name, licence]).toEqual([name, license]);
      expect(reason).not.toBe('');
    }
  });
});

test('the package is under the licence whose text stands beside it', async () => {
  const { license } = JSON.parse(await read('package.json'));
  expect(license).toBe('Apache-2.0');
  expect(await read('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
});
