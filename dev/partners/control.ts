// The control route of a stand-in: its fault plan, what it has done, and what it was asked.
import { FaultPlan, type Faults, type Operation } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { PartyName } from './party.ts';

/** One call that reached a stand-in, whatever became of it. */
export interface ReceivedCall {
  readonly operation: Exclude<Operation, 'message'>;
  readonly key: string;
  readonly fault: string;
}

export interface Controlled {
  readonly faults: Faults;
  readonly ledgers: Readonly<Record<PartyName, Ledger>>;
  readonly calls: Readonly<Record<PartyName, ReceivedCall[]>>;
}

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Answers `GET` of `faults`, `ledger` and `calls`, and `PUT` of `faults`. */
export function control(
  { faults, ledgers, calls }: Controlled,
  party: PartyName,
  method: string,
  what: string,
  body: unknown,
): ControlAnswer {
  if (method === 'GET' && what === 'ledger') return { status: 200, body: ledgers[party].entries };
  if (method === 'GET' && what === 'calls') return { status: 200, body: calls[party] };
  if (what !== 'faults' || (method !== 'GET' && method !== 'PUT')) return { status: 404, body: { code: 'no-such-path' } };
  if (method === 'PUT') {
    const plan = FaultPlan.safeParse(body);
    if (!plan.success) return { status: 400, body: { code: 'plan-unreadable', issues: plan.error.issues } };
    faults.set(party, plan.data.faults);
  }
  return { status: 200, body: { faults: faults.left(party) } };
}
