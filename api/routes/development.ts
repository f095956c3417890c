// The journey clock, for development alone.
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { At } from '../../domain/kernel/event.ts';
import type { JourneyClock } from '../../store/ports.ts';
import { readAnswers, writeAnswers } from '../documentation.ts';

/** What only a development system has. */
export interface Development {
  readonly clock: JourneyClock;
  /** Makes every open run look at the clock again. */
  refreshAll(): Promise<void>;
}

const Setting = z.strictObject({
  now: At.describe('Journey time.'),
  scale: z.number().min(0).describe('Journey milliseconds per real millisecond; 0 is frozen.'),
});

const Change = z
  .strictObject({
    at: z
      .union([z.iso.datetime({ offset: true }).transform((value) => Date.parse(value)), At])
      .optional()
      .describe('The instant to go to, as ISO 8601 or in milliseconds.'),
    advance: z
      .int()
      .min(0)
      .max(3_650 * 86_400_000)
      .optional()
      .describe('Milliseconds to go forward.'),
    scale: z.number().min(0).max(1_000_000).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'names no change');

const about = { tags: ['development'] };

/** `GET /dev/clock`, open because the stand-ins of the partners read it: it says what time it is and nothing else. */
export const clockReading = ({ clock }: Development): FastifyPluginAsync => {
  const routes: FastifyPluginAsyncZod = async (app) => {
    app.get(
      '/dev/clock',
      { schema: { ...about, security: [], summary: 'Read the journey clock', response: readAnswers('Where it stands.', Setting) } },
      async () => clock.read(),
    );
  };
  return routes;
};

/** `PUT /dev/clock`. */
export const clockMoving = ({ clock, refreshAll }: Development): FastifyPluginAsync => {
  const routes: FastifyPluginAsyncZod = async (app) => {
    app.put(
      '/dev/clock',
      {
        schema: { ...about, summary: 'Move the journey clock', body: Change, response: writeAnswers(200, 'Where it stands now.', Setting) },
      },
      async ({ body: { at, advance, scale } }) => {
        const setting = await clock.set({
          ...(at !== undefined && { at }),
          ...(advance !== undefined && { advance }),
          ...(scale !== undefined && { scale }),
        });
        await refreshAll();
        return setting;
      },
    );
  };
  return routes;
};
