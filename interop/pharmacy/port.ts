import type { Called, Found } from '../port.ts';

/** A prescription on its way to one pharmacy. */
export interface PrescriptionToSend {
  /** The same for every attempt, so that the network holds it once. */
  readonly key: string;
  readonly reference: string;
  readonly pharmacyId: string;
  readonly rxnorm: string;
  readonly sig: string;
  readonly quantity: number;
  readonly days: number;
  readonly patient: { readonly patientId: string; readonly name: string; readonly birthDate?: string };
}

/** The network's own name for what it holds, and the version of the SCRIPT standard it spoke. */
export interface Held {
  readonly messageId: string;
  readonly scriptVersion: string;
}

/** The wish that a pharmacy does not fill a prescription. */
export interface PrescriptionToCancel {
  readonly key: string;
  readonly reference: string;
  /** Under which it was sent. */
  readonly prescriptionKey: string;
}

/** What a pharmacy makes of it; one that has to look first answers later, of its own accord. */
export interface CancelAnswer {
  readonly response: 'approved' | 'denied' | 'pending';
  readonly reason?: string;
}

/** The prescription network. */
export interface PharmacyNetwork {
  send(prescription: PrescriptionToSend): Promise<Called<Held>>;
  /** What became of the prescription that was sent under this key. */
  find(key: string): Promise<Found<Held>>;
  cancel(wish: PrescriptionToCancel): Promise<Called<CancelAnswer>>;
  /** What became of the wish that was sent under this key. */
  findCancel(key: string): Promise<Found<CancelAnswer>>;
}
