import type { Called } from '../port.ts';

/** Codes only: nobody needs to know whose medicine it is to check it. */
export interface SafetyQuestion {
  readonly key: string;
  readonly rxnorm: string;
  readonly quantity: number;
  readonly days: number;
  readonly allergies: readonly string[];
  readonly medications: readonly string[];
}

export type SafetyAnswer =
  | { readonly outcome: 'passed'; readonly databaseVersion: string }
  | {
      readonly outcome: 'alert';
      readonly databaseVersion: string;
      readonly severity: 'high' | 'moderate' | 'low';
      readonly code: string;
      /** A contraindicated pair or a documented anaphylaxis, which needs a second clinician. */
      readonly contraindicated: boolean;
    };

/** The medicine database that checks a prescription before it is signed. A question changes nothing, so it may be repeated. */
export interface SafetyService {
  check(question: SafetyQuestion): Promise<Called<SafetyAnswer>>;
}
