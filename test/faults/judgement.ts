// The one judgement after every fault: nothing lost, nothing twice, nothing stuck, and every view what a rebuild gives.

import type { ProcessName } from '../../dev/embedded/processes.ts';
import type { ReceivedCall } from '../../dev/partners/control.ts';
import { type PartyName, partyNames } from '../../dev/partners/party.ts';
import { day, hour, minute } from '../../domain/kernel/time.ts';
import type { StoredEvent } from '../../store/event-store.ts';
import {
  expectAnswered,
  expectAtMostOnce,
  expectNothingDue,
  expectNothingParked,
  expectOnePerIntent,
  expectWhole,
  journeysOf,
  openedConversations,
  type Streams,
  streamsOf,
} from '../crash/record.ts';
import type { TestSystem } from '../parts/system.ts';
import { viewDifferences } from '../parts/view-differences.ts';
import { eventually } from '../workflows/run-setting.ts';
import { advance, type Load } from './load.ts';

const patienceMs = 120_000;

/** Lets journey time go on until each of these journeys has closed. */
export async function toTheirClose(load: Load, journeys: readonly string[]): Promise<void> {
  await untilDelivered(load, journeys);
  await advance(load, untilWindowsEnd);
  await allClosed(load, journeys);
}

/**
 * Lets journey time go on until what was prescribed has been dispensed and brought. Never past a clock of somebody who is still to speak: a
 * pharmacy that says nothing for fifteen minutes is a call for a person to make (`rx.verify`), and nobody makes it here.
 */
export async function untilDelivered(load: Load, journeys: readonly string[]): Promise<void> {
  await advance(load, 5 * minute);
  await all(load, journeys, 'PrescriptionVerifiedByPharmacy', 'PrescriptionSigned');
  await advance(load, hour);
  await all(load, journeys, 'MedicationDispensed', 'PrescriptionSigned');
  await advance(load, hour);
  await all(load, journeys, 'DeliveryCompleted', 'DeliveryRequested');
}

/** Check-ins lapse and follow-up windows end within so many milliseconds. */
export const untilWindowsEnd = 20 * day;

/** Returns when each of these journeys has closed. */
export const allClosed = (load: Load, journeys: readonly string[]): Promise<void> => all(load, journeys, 'JourneyClosed');

/** Returns when an event stands in each of the journeys, or in those that have come to another. */
const all = ({ system }: Load, journeys: readonly string[], type: string, after?: string): Promise<void> =>
  eventually(async () => expect(await missing(system, journeys, type, after)).toEqual([]), patienceMs);

/** A journey's events in order. */
export const storedOf = async (system: TestSystem, journeyId: string): Promise<readonly StoredEvent[]> =>
  (await journeysOf(system)).get(`journey-${journeyId}`) ?? [];

/** Those of the journeys that should have come to an event and have not, with what happened to them last. */
async function missing(system: TestSystem, journeys: readonly string[], type: string, after?: string): Promise<readonly string[]> {
  const streams = await journeysOf(system);
  const has = (id: string, wanted: string): boolean => streams.get(`journey-${id}`)?.some((event) => event.type === wanted) === true;
  const last = (id: string): string =>
    (streams.get(`journey-${id}`) ?? [])
      .slice(-5)
      .map((event) => event.type)
      .join(' ');
  return journeys.filter((id) => (after === undefined || has(id, after)) && !has(id, type)).map((id) => `${id} ${last(id)}`);
}

/** @throws when anything is not as it must be */
export async function judge({ system, client }: Load): Promise<void> {
  await eventually(async () => expectOnePerIntent(system, await journeysOf(system)), patienceMs);
  await eventually(async () => expectConversations(await journeysOf(system), await openedConversations(system)), patienceMs);
  await eventually(() => expectNothingDue(system), patienceMs);
  await expectNothingParked(system);
  expectWhole(await streamsOf(system));
  await expectAnswered(system, client.accepted);
  await expectAtMostOnce(system, client.lost);
  await expectAskedBetween(system);
  expect(await viewDifferences(system.database)).toEqual({});
}

/** Each consult that was asked for has its conversation, opened once. */
function expectConversations(streams: Streams, opened: readonly string[]): void {
  const queued = [...streams.values()].flat().filter(({ type }) => type === 'ConsultQueued');
  expect(opened.toSorted()).toEqual(queued.map(({ entityId }) => `conversation-${entityId}`).toSorted());
}

/** A question may be asked twice; these do something. */
const doers = partyNames.filter((party: PartyName) => party !== 'eligibility' && party !== 'safety');

/** Whoever sends a second time has asked after the first what became of it. */
async function expectAskedBetween({ partners }: TestSystem): Promise<void> {
  for (const party of doers) {
    const calls = (await (await fetch(`${partners.url}/control/${party}/calls`)).json()) as readonly ReceivedCall[];
    const blind = calls.filter(({ operation, key }, i) => {
      const before = calls.slice(0, i).findLast((call) => call.key === key);
      return operation === 'send' && before?.operation === 'send';
    });
    expect([party, ...blind]).toEqual([party]);
  }
}

/** The processes that were started are still the same: none of them has to be started again when a part comes back. */
export function expectAlive(system: TestSystem, ...names: readonly ProcessName[]): void {
  const dead = names.filter((name) => {
    const { exitCode, signalCode } = system.child(name)?.process ?? { exitCode: 0, signalCode: null };
    return exitCode !== null || signalCode !== null;
  });
  expect(dead).toEqual([]);
}
