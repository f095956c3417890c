import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './setup-command.mjs';

const aside = new Set(['node_modules', 'dist', 'coverage', 'test', 'docs']);
const atTop = new Set(['config.ts', 'vite.config.mjs']);
const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Builds into dist and web/dist unless the sources are those of the last build. Says what it did. */
export async function build(root) {
  const stamp = join(root, 'dist/.built');
  const now = await fingerprint(root);
  const before = await readFile(stamp, 'utf8').catch(() => '');
  if (before === now) return 'up to date';
  const { ok } = await command('npm', ['run', '--silent', 'build'], { cwd: root, show: true });
  if (!ok) throw new Error('npm run build failed; what it printed stands above');
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(stamp, now);
  return 'built';
}

/** What changes when a source is written, added, renamed or removed: quicker to take than the hash of every text. */
export async function fingerprint(root) {
  const files = [...settings, ...(await sources(root, ''))].sort();
  const lines = await Promise.all(
    files.map(async (path) => {
      const { size, mtimeMs } = await stat(join(root, path));
      return `${path} ${size} ${mtimeMs}`;
    }),
  );
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

async function sources(root, folder) {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      if (entry.name.startsWith('.') || aside.has(entry.name)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(root, path);
      return /\.(ts|tsx|json|sql|css|html|svg)$/.test(path) && folder !== '' ? [path] : atTop.has(entry.name) ? [path] : [];
    }),
  );
  return found.flat();
}
