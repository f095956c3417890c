// A disk of 64 MiB in memory, which a test can fill and empty.
import { execFile } from 'node:child_process';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SmallDisk {
  readonly folder: string;
  /** Takes all space that is left. */
  fill(): Promise<void>;
  /** Gives back what `fill` has taken. */
  empty(): Promise<void>;
  remove(): Promise<void>;
}

/** A disk of its own at this folder, which belongs to whoever owns `like`. @throws Error unless one may mount */
export async function mountSmallDisk(folder: string, like: string): Promise<SmallDisk> {
  const { uid, gid } = await stat(like);
  await mkdir(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=64m,mode=700,uid=${uid},gid=${gid}`, 'tmpfs', folder]).catch((cause) => {
    throw new Error('the faults of a full disk need root: they mount a disk of 64 MiB in memory', { cause });
  });
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill() {
      for (const size of [1 << 20, 1 << 12]) while (await grows(ballast, size));
    },
    empty: () => rm(ballast, { force: true }),
    async remove() {
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether a file could be made longer by so many bytes. */
async function grows(file: string, bytes: number): Promise<boolean> {
  try {
    await writeFile(file, Buffer.alloc(bytes, 1), { flag: 'a' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    return false;
  }
}
