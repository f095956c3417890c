// What partners tell us of their own accord: from a received message to the command that states the fact.
import type { Actor } from '../domain/kernel/actor.ts';
import type { Instant } from '../domain/kernel/time.ts';
import { reportOfCourier } from './courier/webhook.ts';
import { reportOfNotices } from './notices/webhook.ts';
import { reportOfPharmacy } from './pharmacy/webhook.ts';
import { parseReference } from './port.ts';
import type { Report } from './report.ts';

/** A message as it stands in the inbox. */
export interface ReceivedMessage {
  readonly source: string;
  readonly externalId: string;
  readonly body: unknown;
  readonly receivedAt: Instant;
}

/** A partner's fact, on its way to the journey that it is about. */
export interface FactCommand {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly actor: Actor;
  readonly source: 'inbox';
  readonly occurredAt: Instant;
  readonly causationId: string;
}

/** The command that a message makes; `ignored` if it says nothing new; else why no command can be made of it. */
export type Mapped =
  | { readonly to: 'command'; readonly journeyId: string; readonly message: FactCommand }
  | { readonly to: 'ignored' }
  | { readonly to: 'parked'; readonly reason: string };

const sources: Readonly<Record<string, (body: unknown) => Report | undefined>> = {
  pharmacy: reportOfPharmacy,
  courier: reportOfCourier,
  notices: reportOfNotices,
};

/** Whether we take messages from this source at all. */
export const isSource = (source: string): boolean => Object.hasOwn(sources, source);

/** Makes a command of a received message. The same message always makes the same command. */
export function commandOf({ source, externalId, body, receivedAt }: ReceivedMessage): Mapped {
  const read = isSource(source) ? sources[source] : undefined;
  if (!read) return { to: 'parked', reason: 'source-unknown' };
  const report = read(body);
  if (!report) return { to: 'parked', reason: 'unreadable' };
  if (report.says === 'nothing') return { to: 'ignored' };
  if (report.says === 'unmapped') return { to: 'parked', reason: report.reason };
  const reference = parseReference(report.reference);
  if (!reference) return { to: 'parked', reason: 'reference-unknown' };
  const id = `${source}:${externalId}`;
  const message: FactCommand = {
    id,
    type: report.type,
    data: report.dataFor(reference),
    actor: { kind: 'partner', id: source, role: 'A' },
    source: 'inbox',
    // A partner's clock may run ahead of ours, and what it tells cannot have happened after we heard of it.
    occurredAt: Math.min(report.at, receivedAt),
    causationId: id,
  };
  return { to: 'command', journeyId: reference.journeyId, message };
}
