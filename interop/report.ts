import { z } from 'zod';
import type { Instant } from '../domain/kernel/time.ts';
import type { Reference } from './port.ts';

/** What one partner's message says, before it is known which of our entities it means. */
export type Report =
  | {
      readonly says: 'fact';
      readonly reference: string;
      readonly at: Instant;
      readonly type: string;
      readonly dataFor: (reference: Reference) => object;
    }
  | { readonly says: 'nothing' }
  | { readonly says: 'unmapped'; readonly reason: string };

/** An instant as ISO 8601 with an offset. */
export const IsoInstant = z.iso.datetime({ offset: true }).transform((value): Instant => Date.parse(value));

/** An id that a partner gave out. */
export const ExternalId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

/** A machine code such as a reason. */
export const ExternalCode = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,59}$/);
