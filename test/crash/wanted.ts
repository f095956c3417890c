// What dev/test-crash.mjs asks of the long tests, whose files are named `*.fire.ts`.
import { z } from 'zod';

/** How long the kills go on, what they follow from, and the only places where they happen, if not all. */
export const wanted = z
  .strictObject({
    minutes: z.number().positive(),
    seed: z.int(),
    points: z.array(z.string()).optional(),
    bugs: z.array(z.string()).optional(),
    /** The folder of a build with a bug in it. */
    built: z.string().optional(),
  })
  .parse(JSON.parse(process.env.CARETRAIL_TEST_FIRE ?? '{}'));

/** Shown while the tests run; jest itself shows nothing before a file is over. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);
