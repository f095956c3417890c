import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './setup-command.mjs';

/** Installs the packages of the lock file, unless those are the ones in node_modules. Says what it did. */
export async function installPackages(root) {
  if (await isInstalled(root)) return 'as in the lock file';
  // A name of the environment must not keep the compiler and the tests out.
  const { ok } = await command('npm', ['ci', '--include=dev', '--loglevel=error'], { cwd: root, show: true });
  if (!ok) throw new Error('npm ci failed; what it printed stands above');
  return 'installed';
}

async function isInstalled(root) {
  try {
    const [locked, installed] = await Promise.all(
      ['package-lock.json', 'node_modules/.package-lock.json'].map(async (path) => JSON.parse(await readFile(join(root, path), 'utf8'))),
    );
    return samePackages(locked.packages, installed.packages);
  } catch {
    // Not there, or cut short by an interrupted install: either way it must be made anew.
    return false;
  }
}

/** Whether the installed packages are those of the lock file; one for another platform may be missing. */
export function samePackages(locked, installed) {
  const isMissing = ([path, { optional, devOptional }]) => path !== '' && !installed[path] && !optional && !devOptional;
  const isOther = ([path, { version, integrity }]) => locked[path]?.version !== version || locked[path]?.integrity !== integrity;
  return !Object.entries(locked).some(isMissing) && !Object.entries(installed).some(isOther);
}
