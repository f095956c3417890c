// An employer's contract and the imports of its roster (domain reference 5.16 and 6).
import { z } from 'zod';
import type { CommandSpecs, Decisions } from '../kernel/command.ts';
import { accept, already, refuse } from '../kernel/decision.ts';
import { At, Cents, Code, type EventOf, type EventSchemas, event, type Happened, Id, Ref } from '../kernel/event.ts';
import type { Instant } from '../kernel/time.ts';
import { RosterRowRefused } from './member.ts';

// --- events

/** One line of what a contract pays for: which event makes a charge, under which code, who pays. */
export const BillingLine = z.strictObject({
  on: Code,
  code: z.string().regex(/^[0-9]{5}$/),
  stage: z.enum(['consult', 'visit', 'lab', 'delivery']),
  modality: Code,
  pos: z.string().regex(/^[0-9]{2}$/),
  arrangement: z.enum(['pmpmIncluded', 'usageFee', 'selfPay', 'planFfs']),
  payer: z.enum(['employer', 'plan', 'patient']),
  cents: Cents,
  copayCents: Cents,
});
export type BillingLine = z.output<typeof BillingLine>;

/** What an employer and the service agreed on. */
export const ContractTerms = z.strictObject({
  states: z.array(z.string().length(2)).min(1),
  groupIds: z.array(Id).min(1),
  rateVersion: z.int().min(1),
  endsOn: At.optional(),
  billing: z.array(BillingLine).max(60),
  /** What indeterminate eligibility means: care goes on and the patient is told the possible price. */
  undeterminedPolicy: z.enum(['proceed', 'selfPay']),
  labPayer: z.enum(['employer', 'plan', 'patient', 'lab']),
  cancellationFeeCents: Cents,
});
export type ContractTerms = z.output<typeof ContractTerms>;

export const events = {
  EmployerContractOpened: event(
    { employerId: Id, contractId: Id, version: z.int().min(1), effectiveOn: At, terms: ContractTerms },
    'contractId',
  ),
  RosterImported: event({ employerId: Id, importId: Id, fileRef: Ref, rows: z.int().min(0), refused: z.int().min(0) }, 'importId'),
  RosterRowRefused,
} satisfies EventSchemas;
type EmployerEvent = EventOf<typeof events>;

// --- state

export interface Contract {
  readonly contractId: string;
  readonly version: number;
  readonly effectiveOn: Instant;
  readonly terms: ContractTerms;
}
export interface Employer {
  readonly contract?: Contract;
  readonly imports: readonly string[];
}
export const initial: Employer = { imports: [] };

export function evolve(employer: Employer, happened: Happened<EmployerEvent>): Employer {
  const { type, data } = happened;
  switch (type) {
    case 'EmployerContractOpened':
      return {
        ...employer,
        contract: { contractId: data.contractId, version: data.version, effectiveOn: data.effectiveOn, terms: data.terms },
      };
    case 'RosterImported':
      return { ...employer, imports: [...employer.imports, data.importId] };
    case 'RosterRowRefused':
      return employer;
  }
}

// --- decisions

export const commands = {
  OpenEmployerContract: { roles: ['O'], data: z.strictObject({ employerId: Id, contractId: Id, effectiveOn: At, terms: ContractTerms }) },
  ImportRoster: { roles: ['E', 'A'], facts: ['rosterFile'], data: z.strictObject({ employerId: Id, fileRef: Ref }) },
} satisfies CommandSpecs<keyof EmployerFacts>;

/** What became of the rows of a file, once each row stands on its member's stream; absent if there is no such file. */
export interface EmployerFacts {
  readonly rosterFile:
    | {
        readonly importId: string;
        readonly rows: number;
        readonly refused: number;
        /** Numbers of the rows that name no person, so that no member's stream can tell of them. */
        readonly unreadable: readonly number[];
      }
    | undefined;
}

/** More unreadable rows than this are counted only. */
const maxRefusedRows = 100;

export const decide: Decisions<typeof commands, Employer, EmployerEvent, EmployerFacts> = {
  OpenEmployerContract: (employer, { data }) => {
    if (employer.contract) return refuse('not-allowed-in-state');
    return accept({ type: 'EmployerContractOpened', data: { ...data, version: 1 } });
  },

  ImportRoster: (employer, { data: { employerId, fileRef } }, { facts }) => {
    if (!employer.contract) return refuse('not-allowed-in-state');
    if (!facts.rosterFile) return refuse('entity-unknown');
    const { importId, rows, refused, unreadable } = facts.rosterFile;
    if (employer.imports.includes(importId)) return already;
    const refusals = unreadable
      .slice(0, maxRefusedRows)
      .map((rowNo): EmployerEvent => ({ type: 'RosterRowRefused', data: { employerId, importId, rowNo, reason: 'row-unreadable' } }));
    return accept<EmployerEvent>({ type: 'RosterImported', data: { employerId, importId, fileRef, rows, refused } }, ...refusals);
  },
};

/** True while the contract runs. */
export const inForce = (contract: Contract, at: Instant): boolean =>
  contract.effectiveOn <= at && (contract.terms.endsOn === undefined || at < contract.terms.endsOn);
