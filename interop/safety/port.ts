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

export const severities = ['high', 'moderate', 'low'] as const;
export const alertKinds = ['interaction', 'contraindicatedPair', 'allergy', 'anaphylaxis', 'duplicateTherapy', 'dose'] as const;

export interface SafetyAlert {
  readonly severity: (typeof severities)[number];
  readonly kind: (typeof alertKinds)[number];
}

/** What the database in this version has against the prescription; nothing, if there are no alerts. */
export interface SafetyAnswer {
  readonly databaseVersion: string;
  readonly alerts: readonly SafetyAlert[];
}

/** The medicine database that checks a prescription before it is signed. A question changes nothing, so it may be repeated. */
export interface SafetyService {
  check(question: SafetyQuestion): Promise<Called<SafetyAnswer>>;
}
