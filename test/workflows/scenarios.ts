// What runs go through, small enough that their histories can be kept: replay.test.ts plays and replays each.
import type { Activities } from '../../activities/index.ts';
import { hour } from '../../domain/kernel/time.ts';
import type { NewEvent } from '../../store/event-store.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import { message, openTask, startMessage, stored } from '../activities/execute-setting.ts';
import { firstDay } from '../journeys/sample-facts.ts';
import { eventually, type Running, type RunSetting } from './run-setting.ts';

export interface Scenario {
  readonly setting?: RunSetting;
  readonly play: (running: Running, journeyId: string) => Promise<void>;
}

const identity = message('identity', 'X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'r1' });
const contact = (id: string): CommandMessage =>
  message(id, 'K', 'RecordContactAttempt', { purpose: 'callback', to: 'patient', channel: 'phone', outcome: 'reached' });

const proxyVerified = message('effect:proxy:1', 'T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' }, { source: 'effect' });
const verifying: Activities['perform'] = async (_id, { kind }) => (kind === 'verify-proxy' ? proxyVerified : null);

/** Waits until this is the newest event, and of this entity. */
const newest = ({ store }: Running, journeyId: string, type: string, entityId = ''): Promise<void> =>
  eventually(async () => {
    // A breach raises escalations, which climb on as time leaps.
    const last = (await stored(store, journeyId)).findLast((event) => event.type !== 'EscalationRaised');
    if (last?.type !== type || (entityId !== '' && last.entityId !== entityId)) throw new Error(`${last?.type} is the newest`);
  });

/** A task that the store holds and the run knows nothing of, as after a crash between commit and answer. */
async function appendBehindItsBack({ store }: Running, journeyId: string): Promise<void> {
  const [first] = await stored(store, journeyId);
  const task = { taskId: 't1', kind: 'patientCall', ownerRole: 'K', dueAt: firstDay + hour, cites: [], outlivesClosure: false };
  const event = { ...first, id: '00000000-0000-5000-8000-000000000001', type: 'TaskOpened', entityId: 't1', commandId: 'lost', data: task };
  await store.append(`journey-${journeyId}`, [event as unknown as NewEvent], 'any');
}

let failures = 0;

export const scenarios: Readonly<Record<string, Scenario>> = {
  'deadline-by-its-timer': {
    setting: { runLength: 100 },
    play: async (running, id) => {
      running.clock.scale = hour / 500;
      await running.give(id, startMessage, openTask('t1', 'urgentCall'));
      running.clock.at = firstDay + hour;
      await newest(running, id, 'SlaBreached', 't1');
    },
  },
  'effect-with-its-outcome': {
    setting: { runLength: 100, perform: verifying },
    play: async (running, id) => {
      await running.give(id, startMessage, identity);
      await newest(running, id, 'ProxyAuthorityVerified');
      await running.give(id, openTask('t1'));
      running.clock.at = firstDay + hour;
      await running.sender.refresh(id);
      await newest(running, id, 'SlaBreached', 't1');
    },
  },
  'effect-handed-over-and-continued': {
    setting: { runLength: 3 },
    play: async (running, id) => {
      await running.give(id, startMessage, identity, contact('c1'), contact('c2'), openTask('t1'));
      running.clock.at = firstDay + hour;
      await running.sender.refresh(id);
      await newest(running, id, 'SlaBreached', 't1');
    },
  },
  'behind-its-stream-and-refreshed': {
    setting: { runLength: 100 },
    play: async (running, id) => {
      await running.give(id, startMessage, openTask('t2', 'publicHealth'));
      await appendBehindItsBack(running, id);
      running.clock.at = firstDay + 2 * hour;
      await running.sender.refresh(id);
      await newest(running, id, 'SlaBreached', 't1');
    },
  },
  'deadline-set-aside': {
    setting: {
      runLength: 100,
      know: ({ command: { data } }) =>
        (data as { readonly entityId?: string }).entityId === 't1' ? ({ pathway: undefined } as object) : {},
    },
    play: async (running, id) => {
      await running.give(id, startMessage, openTask('t1'), openTask('t2', 'publicHealth'));
      running.clock.at = firstDay + 5 * hour;
      await running.sender.refresh(id);
      await newest(running, id, 'SlaBreached', 't2');
    },
  },
  'store-away-for-a-while': {
    setting: {
      runLength: 100,
      before: async () => {
        failures += 1;
        // More often than a local activity is tried.
        if (failures % 5 !== 0) throw new Error('the store is away');
      },
    },
    play: async (running, id) => {
      failures = 0;
      await running.give(id, startMessage);
      await newest(running, id, 'JourneyRequested');
      running.clock.at = firstDay + 100 * 24 * hour;
      failures = 4;
      await running.sender.refresh(id);
      await newest(running, id, 'JourneyClosed');
    },
  },
};
