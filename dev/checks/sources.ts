import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the repository as the house rules see it: its path from the root, with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const made = new Set(['node_modules', 'dist', 'coverage']);
const readable = /\.(ts|tsx|mjs|cjs|js|json)$/;

/** Every file below the root that people wrote; the text of those that are no code stays ''. */
export async function readSources(root: string, folder = ''): Promise<Source[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const kept = entries.filter(({ name }) => !made.has(name) && !name.startsWith('.'));
  const found = await Promise.all(
    kept.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return readSources(root, path);
      if (!entry.isFile()) return [];
      return [{ path, text: readable.test(path) ? await readFile(join(root, path), 'utf8') : '' }];
    }),
  );
  return found.flat();
}
