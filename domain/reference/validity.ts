import type { Instant } from '../kernel/time.ts';

/** Something that holds from one instant until another, the last one excluded. */
interface Validity {
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}

/** True if it holds at some instant at all. */
export const runs = ({ validFrom, validUntil }: Validity): boolean => validFrom < validUntil;

/** True while it holds. */
export const holdsAt = ({ validFrom, validUntil }: Validity, at: Instant): boolean => validFrom <= at && at < validUntil;
