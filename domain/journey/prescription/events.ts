// Prescription (domain reference 5.7).
import { z } from 'zod';
import { At, Cents, Code, type EventSchemas, event, Id } from '../../kernel/event.ts';

export const CodedList = z.array(Code).max(100);
export const Fulfilment = z.enum(['courier', 'pickup']);
export type Fulfilment = z.output<typeof Fulfilment>;

/** What is prescribed, and on which results. */
export const Order = {
  rxnorm: Code,
  sig: Code,
  quantity: z.number().positive().max(10_000),
  days: z.int().min(1).max(365),
  replaces: Id.optional(),
  citesResults: z.array(Id).max(20),
};

export const Alert = z.strictObject({
  severity: z.enum(['high', 'moderate', 'low']),
  kind: z.enum(['interaction', 'contraindicatedPair', 'allergy', 'anaphylaxis', 'duplicateTherapy', 'dose']),
});
export type Alert = z.output<typeof Alert>;

/** What became of a sending, by the event that says so. */
export const transmissionOutcomes = {
  succeeded: 'PrescriptionTransmitted',
  refused: 'PrescriptionSendFailed',
  failed: 'PrescriptionSendFailed',
  unknown: 'PrescriptionSendUnconfirmed',
} as const;

/** What a pharmacy may say of a prescription as a whole. */
export const pharmacyStatuses = {
  verified: 'PrescriptionVerifiedByPharmacy',
  rejected: 'PharmacyRejected',
  'stock-out': 'StockOutReported',
  ready: 'MedicationReadyForPickup',
  'picked-up': 'MedicationPickedUp',
  transferred: 'PrescriptionTransferred',
} as const;

/** What it may say of the payer's authorisation. */
const authorisationStatuses = {
  'prior-authorisation-required': 'PriorAuthorisationRequired',
  'prior-authorisation-decided': 'PriorAuthorisationDecided',
} as const;

/** What a pharmacy may say of a fill. */
export const dispenseOutcomes = {
  dispensed: 'MedicationDispensed',
  partial: 'MedicationPartiallyDispensed',
  'not-dispensed': 'MedicationNotDispensed',
  'returned-to-stock': 'MedicationReturnedToStock',
} as const;

const namesOf = <T extends string>(table: Readonly<Record<T, string>>) => Object.keys(table) as T[];
const rx = { rxId: Id };
const reason = Code.optional();
const sent = { ...rx, messageId: Id.optional(), scriptVersion: Code.optional() };
const Decision = z.enum(['approved', 'denied']);
const filled = { ...rx, ndc: Code.optional(), quantity: z.number().min(0).optional(), patientCents: Cents.optional(), reason };

/** What partners report, command by command. */
export const reports = {
  RecordRxSafetyCheck: z
    .strictObject({
      ...rx,
      checkId: Id,
      outcome: z.enum(['passed', 'alerts', 'not-completed']),
      databaseVersion: Code.optional(),
      reason,
      alerts: z.array(Alert).max(20).default([]),
    })
    .refine(({ outcome, alerts }) => (outcome === 'alerts') === alerts.length > 0, 'alerts go with the outcome alerts'),
  RecordRxTransmission: z.strictObject({ ...sent, attempt: z.int().min(1), outcome: z.enum(namesOf(transmissionOutcomes)) }),
  RecordRxReconciliation: z.strictObject({
    ...sent,
    attempt: z.int().min(1).optional(),
    outcome: z.enum(['found', 'notFound', 'unknown']),
    by: Id.optional(),
  }),
  RecordPharmacyStatus: z.strictObject({
    ...rx,
    status: z.enum([...namesOf(pharmacyStatuses), ...namesOf(authorisationStatuses)]),
    pharmacyId: Id.optional(),
    authorisationId: Id.optional(),
    decision: Decision.optional(),
    reason,
  }),
  RecordDispense: z.strictObject({ ...filled, outcome: z.enum(namesOf(dispenseOutcomes)) }),
};

const list = event({ listVersion: z.int().min(1), codedList: CodedList, by: Id });
const check = event({ ...rx, checkId: Id, databaseVersion: Code.optional(), reason }, 'checkId');
const alert = { ...rx, alertId: Id, ...Alert.shape };
const override = event({ ...rx, alertId: Id.optional(), reasonCode: Code, clinicianId: Id }, 'rxId');
const message = event(
  {
    ...sent,
    attempt: z.int().min(1),
    outcome: z.enum(['refused', 'found', 'notFound', 'unknown']).optional(),
    by: Id.optional(),
  },
  'rxId',
);
const atPharmacy = event({ ...rx, pharmacyId: Id, reason, at: At }, 'rxId');
const authorisation = event({ ...rx, authorisationId: Id, decision: Decision.optional() }, 'rxId');
const fill = event(filled, 'rxId');

const cancel = event({ ...rx, reason, by: Id.optional() }, 'rxId');

export const events = {
  AllergyListConfirmed: list,
  MedicationListConfirmed: list,
  PharmacyChosen: event({ pharmacyId: Id, capabilities: z.array(Code).max(40), fulfilment: Fulfilment, chosenBy: Id }),
  PrescriptionDrafted: event({ ...rx, ...Order, pharmacyId: Id.optional() }, 'rxId'),
  RxSafetyCheckRequested: check,
  RxSafetyCheckPassed: check,
  RxSafetyCheckNotCompleted: check,
  // The check is named so that an alert of an outdated one cannot pass for the answer to a newer one.
  RxSafetyAlertRaised: event({ ...alert, checkId: Id }, 'alertId'),
  RxSafetyAlertOverridden: event({ ...alert, reasonCode: Code.optional(), clinicianId: Id }, 'alertId'),
  RxSafetyCheckOverridden: override,
  RxOverrideApproved: override,
  PrescriptionSigned: event({ ...rx, clinicianId: Id, factors: z.array(Code).max(3).optional() }, 'rxId'),
  PrescriptionTransmitted: message,
  PrescriptionSendUnconfirmed: message,
  PrescriptionSendFailed: message,
  PrescriptionReconciled: message,
  PrescriptionVerifiedByPharmacy: atPharmacy,
  PharmacyRejected: atPharmacy,
  StockOutReported: atPharmacy,
  PrescriptionTransferred: atPharmacy,
  MedicationReadyForPickup: atPharmacy,
  MedicationPickedUp: atPharmacy,
  PrescriptionCancelRequested: cancel,
  PrescriptionCancelConfirmed: cancel,
  PriorAuthorisationRequired: authorisation,
  PriorAuthorisationDecided: authorisation,
  MedicationDispensed: fill,
  MedicationPartiallyDispensed: fill,
  MedicationNotDispensed: fill,
  MedicationReturnedToStock: fill,
} satisfies EventSchemas;
