/** Whose word each fact from outside is: the partner's id, by the command that records it. */
export const tellers: Readonly<Record<string, string>> = {
  RecordEligibility: 'eligibility',
  RecordRxSafetyCheck: 'safety',
  RecordRxTransmission: 'pharmacy',
  RecordPharmacyStatus: 'pharmacy',
  RecordDispense: 'pharmacy',
  RecordPayment: 'payment',
  RecordDeliveryStatus: 'courier',
};
