import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The checks' own settings, taken over so that what is proved is what runs. */
const settings = ['package.json', 'tsconfig.json', 'biome.json', 'knip.json', '.dependency-cruiser.cjs', '.gitignore'];

/** What a tool said; a tool that found something leaves with another code than 0. */
export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** Plants the files in a project of their own beside the repository's settings, lets `judge` look at it, and clears it away. */
export async function inPlantedProject<T>(
  files: Readonly<Record<string, string>>,
  judge: (run: (tool: string, ...args: string[]) => Promise<Said>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'caretrail-planted-'));
  try {
    await Promise.all(settings.map((name) => cp(name, join(folder, name))));
    await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
    await Promise.all(Object.entries(files).map(([path, text]) => plant(join(folder, path), text)));
    return await judge((tool, ...args) => run(folder, tool, args));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function plant(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function run(folder: string, tool: string, args: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [resolve('node_modules', tool), ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, text: text === '' ? errors : text }));
  });
}
