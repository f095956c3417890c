import type { Instant } from '../kernel/time.ts';
import type { Contract } from '../reference/employer.ts';
import type { Calendar, Template } from '../templates/template.ts';

/** The template and the contract that a journey runs on, in the versions it started with. */
export interface Pathway {
  readonly template: Template;
  readonly contract: Contract;
}

/** What is known when somebody asks for a journey; each part is absent where there is none. */
export interface StartFacts {
  readonly contract?: Contract;
  readonly template?: Template;
  readonly onRoster: boolean;
  /** Absent if the patient is not registered. */
  readonly ageYears?: number;
  /** When a minor comes of age. */
  readonly majorityOn?: Instant;
}

/** What the roster says of the person who asks for somebody else. */
export interface ProxyFact {
  readonly relationship: 'parent' | 'guardian' | 'none';
}

export interface LicenceFact {
  readonly licenceId: string;
  readonly state: string;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
}

/** A clinician's licences and the states in which the group is contracted. */
export interface ClinicianFact {
  readonly clinicianId: string;
  readonly groupId: string;
  readonly scope: 'nurse' | 'prescriber' | 'physician';
  readonly licences: readonly LicenceFact[];
  readonly groupStates: readonly string[];
}

/** What the identifiers behind a reference prove. */
export interface IdentityFact {
  readonly kinds: readonly ('name' | 'dateOfBirth' | 'memberNumber' | 'address' | 'phone' | 'photoId')[];
  /** All of them are those of the registered patient. */
  readonly matches: boolean;
}

export interface OfferFact {
  /** The group is licensed and contracted where the patient is. */
  readonly available: boolean;
}

export interface AreaFact {
  readonly areaId: string;
  readonly version: number;
  readonly open: boolean;
  readonly places: readonly string[];
}

/** What the flags on the patient's home ask for. */
export interface HomeSafetyFact {
  readonly scopes: readonly ('pairVisit' | 'clinicOnly')[];
}

export interface AgeFact {
  /** Completed years, with the fraction below one. */
  readonly years: number;
}

/** The answer of a claim on another stream (domain reference 3.3). */
export interface ClaimFact {
  readonly granted: boolean;
  /** Why not. */
  readonly code?: string;
}

export interface SlotFact {
  readonly window: { readonly from: Instant; readonly to: Instant };
  readonly placeMatches: boolean;
  readonly expiresAt: Instant;
  /** Start of the earliest slot with room, if there is any. */
  readonly earliest?: Instant;
}

export interface VisitorFact {
  readonly visitorId: string;
  readonly onShift: boolean;
  readonly skills: readonly string[];
  readonly states: readonly string[];
  readonly supplies: readonly string[];
  readonly shiftVersion: number;
}

export interface PharmacyFact {
  readonly known: boolean;
  readonly capabilities: readonly string[];
  readonly calendar?: Calendar;
}

export interface DeviceFact {
  /** The CLIA certificate of waiver of the operating site, if there is one. */
  readonly waiverRef?: string;
}

export interface LabFact {
  /** The laboratory is under contract and takes orders. */
  readonly open: boolean;
}

/** The head of the last consult's conversation. */
export interface ConversationFact {
  /** Revision of an accepted patient message that nobody has answered, if there is one. */
  readonly openTurn?: number;
}

/** Everything outside a journey that its decisions may ask for; `execute` loads what a command names. */
export interface Facts {
  readonly pathway: Pathway;
  readonly start: StartFacts;
  readonly identity: IdentityFact;
  readonly proxy: ProxyFact;
  readonly clinician: ClinicianFact;
  /** The clinicians who hold an open consult. */
  readonly holders: readonly ClinicianFact[];
  readonly offer: OfferFact;
  readonly area: AreaFact;
  readonly homeSafety: HomeSafetyFact;
  /** Absent if the command claimed nothing, which is so when its decision must refuse it anyway. */
  readonly claim?: ClaimFact;
  readonly slot: SlotFact;
  readonly visitor: VisitorFact;
  /** Absent if the patient is not registered. */
  readonly patientAge?: AgeFact;
  readonly pharmacy: PharmacyFact;
  readonly device: DeviceFact;
  readonly lab: LabFact;
  readonly conversation: ConversationFact;
}
export type FactName = keyof Facts;
