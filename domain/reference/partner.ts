// A partner's contract: pharmacy, laboratory, courier or payer (domain reference 5.16).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, refuse } from '../kernel/decision.ts';
import { At, Code, type EventOf, type EventSchemas, event, type Happened, Id, Ref } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';
import { Calendar } from '../templates/template.ts';

const PartnerData = z.strictObject({
  capabilities: z.array(Code).max(40),
  /** When the partner works; without one it never closes. */
  calendar: Calendar.optional(),
  /** The CLIA certificate of waiver, for a laboratory that tests at the point of care. */
  waiverRef: Ref.optional(),
});
export type PartnerData = z.output<typeof PartnerData>;

const contract = { partnerId: Id, kind: z.enum(['pharmacy', 'lab', 'courier', 'payer']), effectiveOn: At, data: PartnerData };

// --- events

export const events = {
  PartnerContractOpened: event({ ...contract, version: z.int().min(1) }, 'partnerId'),
} satisfies EventSchemas;
type PartnerEvent = EventOf<typeof events>;

// --- state

export interface PartnerContract {
  readonly kind: 'pharmacy' | 'lab' | 'courier' | 'payer';
  readonly version: number;
  readonly effectiveOn: Instant;
  readonly data: PartnerData;
}
export interface Partner {
  readonly contract?: PartnerContract;
}
export const initial: Partner = {};

export function evolve(_partner: Partner, { data: { kind, version, effectiveOn, data } }: Happened<PartnerEvent>): Partner {
  return { contract: { kind, version, effectiveOn, data } };
}

// --- decisions

export const commands = {
  OpenPartnerContract: { roles: ['O', 'M'], data: z.strictObject(contract) },
} satisfies CommandSpecs;

export const decide: Decisions<typeof commands, Partner, PartnerEvent> = {
  OpenPartnerContract: (partner, { data }) =>
    partner.contract ? refuse('not-allowed-in-state') : accept({ type: 'PartnerContractOpened', data: { ...data, version: 1 } }),
};

/** What the contract with the partner says, if it is of this kind and runs at an instant. */
export const contractedAs = ({ contract }: Partner, kind: PartnerContract['kind'], at: Instant): PartnerData | undefined =>
  contract?.kind === kind && contract.effectiveOn <= at ? contract.data : undefined;
