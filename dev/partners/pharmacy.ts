import { z } from 'zod';
import { minute } from '../../domain/kernel/time.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Party, Told } from './party.ts';

const word = z.string().min(1).max(300);

const NewRx = z.strictObject({
  message: z.literal('NewRx'),
  reference: word,
  pharmacy: word,
  patient: z.strictObject({ patientId: word, name: word, birthDate: word.optional() }),
  medication: z.strictObject({ rxnorm: word, sig: word, quantity: z.number(), daysSupply: z.number() }),
});

const CancelRx = z.strictObject({ message: z.literal('CancelRx'), reference: word, prescription: word });

type Body = z.output<typeof NewRx> | (z.output<typeof CancelRx> & { readonly earlier?: LedgerEntry });

const untilDispensed = 47 * minute;
const isDispensed = ({ at }: LedgerEntry, now: number): boolean => at + untilDispensed <= now;

function tells(entry: LedgerEntry): readonly Told[] {
  const body = entry.body as Body;
  if (body.message === 'CancelRx') return [];
  const told = (about: string, after: number, said: object) => {
    const [id, at] = [`${entry.id}.${about}`, entry.at + after];
    return { id, at, body: { id, reference: body.reference, at: new Date(at).toISOString(), ...said } };
  };
  return [
    told('verified', minute, { kind: 'status', status: 'verified', pharmacy: body.pharmacy }),
    told('dispensed', untilDispensed, {
      kind: 'dispense',
      outcome: 'dispensed',
      ndc: '00093-4150-73',
      quantity: body.medication.quantity,
      patientCents: 0,
    }),
  ];
}

/** Verifies a minute after it has accepted, dispenses 47 minutes after, and cancels what it has not dispensed. */
export const pharmacy: Party = {
  path: '/prescriptions',
  idPrefix: 'msg',
  refusal: { status: 422, code: 'refused' },
  schema: z.discriminatedUnion('message', [NewRx, CancelRx]),
  answer: ({ id, at, body }) => {
    const asked = body as Body;
    if (asked.message === 'NewRx') return { messageId: id, scriptVersion: '2023011' };
    const denied = asked.earlier !== undefined && isDispensed(asked.earlier, at);
    return denied ? { response: 'denied', reason: 'dispensed' } : { response: 'approved' };
  },
  tells,
  ends: {
    find: (body, entries) =>
      entries.find(({ key }) => (body as Body).message === 'CancelRx' && key === (body as z.output<typeof CancelRx>).prescription),
    isTooLate: isDispensed,
  },
};
