import type { Instant } from '../../domain/kernel/time.ts';
import type { Called } from '../port.ts';

export interface EligibilityQuestion {
  readonly key: string;
  /** Our own random id; the payer knows it from the enrolment. */
  readonly patientId: string;
  readonly employerId: string;
  readonly at: Instant;
}

/** Indeterminate never means no (domain reference 5.1). */
export type EligibilityAnswer =
  | {
      readonly outcome: 'confirmed';
      readonly coverage: { readonly coverageId: string; readonly cobOrder: number; readonly hdhp: boolean };
    }
  | { readonly outcome: 'denied' | 'undetermined'; readonly reason: string };

/** The payer, asked whether a person is covered. A question changes nothing, so it may be repeated. */
export interface EligibilityService {
  check(question: EligibilityQuestion): Promise<Called<EligibilityAnswer>>;
}
