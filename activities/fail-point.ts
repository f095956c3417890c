// Places at which a test may let this process die, so that what comes after a crash can be seen.

/** Passes a named place; `about` tells apart what passes there, such as the type of a command. */
export type Pass = (place: string, about?: string) => void;

/** A place, what passes there, and the how many-th time counts; config.ts has checked it. */
const form = /^([^/:]+)(?:\/([^:]+))?(?::(\d+))?$/;

/** Ends this process at the place that the setting names (`place`, `place/about`, either with `:n`); without one nothing ever happens. */
export function failPoint(setting: string | undefined, die: () => void = killed): Pass {
  const [, place, about, nth = '1'] = form.exec(setting ?? '') ?? [];
  if (place === undefined) return () => undefined;
  let passed = 0;
  return (here, by) => {
    if (here !== place || (about !== undefined && about !== by)) return;
    passed += 1;
    if (passed === Number(nth)) die();
  };
}

/** As a crash would: nothing is flushed, closed or told to anybody. */
const killed = (): void => void process.kill(process.pid, 'SIGKILL');
