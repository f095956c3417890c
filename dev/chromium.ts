import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const patienceMs = 300_000;

/** What a browser without a screen is started with; it talks to nobody of its own accord. */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** One way to come by a browser. Returns its path, or undefined where this way leads nowhere. */
type Try = readonly [name: string, find: () => Promise<string | undefined>];

const tries: readonly Try[] = [
  ['CHROMIUM_PATH', async () => found(process.env.CHROMIUM_PATH)],
  ['chromium or google-chrome on the PATH', onPath],
  ['the download of playwright-core', downloaded],
  ['apt-get install chromium', installed],
];

/** The path of a Chromium. @throws Error that names each try */
export async function findChromium(): Promise<string> {
  const failures: string[] = [];
  for (const [name, find] of tries) {
    const path = await find().catch((error: Error) => void failures.push(`  ${name}: ${error.message.split('\n')[0]}`));
    if (path) return path;
    if (!failures.at(-1)?.startsWith(`  ${name}:`)) failures.push(`  ${name}: not there`);
  }
  throw new Error(`no Chromium was found; set CHROMIUM_PATH to one. Tried:\n${failures.join('\n')}`);
}

async function found(path: string | undefined): Promise<string | undefined> {
  if (!path) return undefined;
  return access(path, constants.X_OK).then(
    () => path,
    () => undefined,
  );
}

async function onPath(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const path = await found(join(folder, name));
      if (path) return path;
    }
  }
  return undefined;
}

async function downloaded(): Promise<string | undefined> {
  const there = await found(chromium.executablePath());
  if (there) return there;
  const manifest = createRequire(import.meta.url).resolve('playwright-core/package.json');
  await run(process.execPath, [join(dirname(manifest), 'cli.js'), 'install', 'chromium'], { timeout: patienceMs });
  return found(chromium.executablePath());
}

async function installed(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) throw new Error('needs root');
  await run('apt-get', ['update'], { timeout: patienceMs });
  await run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], { timeout: patienceMs });
  return onPath();
}
