// Places at which a test may let a process die, so that what comes after a crash can be seen.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Passes a named place; `about` tells apart what passes there, such as the type of a command. */
export type Pass = (place: string, about?: string) => void;

/** A place, what passes there, and the how many-th time counts. */
const form = /^([a-z.-]+)(?:\/([A-Za-z_-]+))?(?::(\d+))?$/;

/**
 * Ends this process at the place that the file `armed` of a folder names: `place` or `place/about`, either with `:n` for the n-th time
 * since it was written. Each place that is passed is added to the file `passed`. Without a folder nothing ever happens.
 */
export function failPoints(folder: string | undefined, die: () => void = killed): Pass {
  if (folder === undefined) return () => undefined;
  let armed = '';
  let passed = 0;
  return (here, about) => {
    appendFileSync(join(folder, 'passed'), about === undefined ? `${here}\n` : `${here}/${about}\n`);
    const now = armedIn(folder);
    if (now !== armed) passed = 0;
    armed = now;
    const [, place, by, nth = '1'] = form.exec(armed) ?? [];
    if (here !== place || (by !== undefined && about !== by)) return;
    passed += 1;
    if (passed === Number(nth)) die();
  };
}

function armedIn(folder: string): string {
  try {
    return readFileSync(join(folder, 'armed'), 'utf8');
  } catch {
    return '';
  }
}

/** As a crash would: nothing is flushed, closed or told to anybody. */
const killed = (): void => void process.kill(process.pid, 'SIGKILL');
