import type { Activities } from '../../activities/index.ts';
import { hour } from '../../domain/kernel/time.ts';
import type { CommandMessage } from '../../workflows/messages.ts';
import { message, openTask, startMessage, stored } from '../activities/execute-setting.ts';
import { firstDay } from '../journeys/sample-facts.ts';
import { describeRun, eventually, historyOf, pause, type Running, type RunSetting, runnerOfFile } from './run-setting.ts';

const { runner, start } = runnerOfFile();

let count = 0;
/** Journeys with these settings, and an id that no other test has. */
async function journeys(setting: RunSetting = {}): Promise<Running & { readonly id: string }> {
  count += 1;
  const running = await start(setting);
  return { ...running, id: `run-${process.pid}-${count}` };
}

const contact = (id: string): CommandMessage =>
  message(id, 'K', 'RecordContactAttempt', { purpose: 'callback', to: 'patient', channel: 'phone', outcome: 'reached' });
const identity = message('identity', 'X', 'VerifyIdentity', { method: 'knowledge', identifiersRef: 'r1' });

describe('A command', () => {
  test('is answered with what it left, and the same id again adds nothing', async () => {
    const { id, store, sender, give } = await journeys();
    const [answer] = await give(id, startMessage);
    expect(answer).toMatchObject({ accepted: true, revision: 1, position: 1, events: [{ type: 'JourneyRequested' }] });
    expect(await sender.send(id, startMessage)).toEqual(answer);
    await give(id, ...Array.from({ length: 6 }, (_, i) => contact(`c${i}`)));
    expect(await sender.send(id, startMessage)).toEqual(answer);
    expect(await stored(store, id)).toHaveLength(7);
  });

  test('that is refused is answered with its code', async () => {
    const { id, give } = await journeys();
    const [, refused] = await give(id, startMessage, message('claim', 'K', 'ClaimTask', { taskId: 't1' }));
    expect(refused).toMatchObject({ accepted: false, code: 'entity-unknown', revision: 1 });
  });

  test('is decided alone, however many come at once, in the order in which they came', async () => {
    let inside = 0;
    let most = 0;
    const before = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await pause(15);
      inside -= 1;
    };
    const { id, store, sender, give } = await journeys({ before, runLength: 100 });
    await give(id, startMessage);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => sender.send(id, contact(`c${i}`))));
    expect(answers.every(({ accepted }) => accepted)).toBe(true);
    expect(most).toBe(1);
    expect((await stored(store, id)).map(({ version }) => version)).toEqual(Array.from({ length: 13 }, (_, i) => i + 1));
  });

  test('is answered exactly once while runs end under it and continue as new', async () => {
    const { id, store, sender, give } = await journeys({ runLength: 2 });
    await give(id, startMessage);
    const messages = Array.from({ length: 40 }, (_, i) => contact(`c${i}`));
    const answers = await Promise.all(messages.map((given) => sender.send(id, given, 60_000)));
    const events = await stored(store, id);
    expect(events.map(({ version }) => version)).toEqual(Array.from({ length: 41 }, (_, i) => i + 1));
    expect(new Set(events.map(({ commandId }) => commandId)).size).toBe(41);
    expect(new Set(events.map(({ runId }) => runId)).size).toBeGreaterThan(1);
    const given = answers.map((answer, i) => [messages[i]?.id, answer.events[0]?.id]);
    expect(given).toEqual(messages.map(({ id: commandId }) => [commandId, events.find((event) => event.commandId === commandId)?.id]));
  }, 90_000);
});

describe('An effect', () => {
  /** Performs the check of the proxy as told, and counts. */
  const performing = (outcome: (count: number) => CommandMessage | null) => {
    const performed: string[] = [];
    const perform: Activities['perform'] = async (_journeyId, effect) => {
      if (effect.kind !== 'verify-proxy') return null;
      performed.push(`${effect.id}:${effect.attempt}`);
      return outcome(performed.length);
    };
    return { performed, perform };
  };
  const verified = message('effect:proxy:1', 'T', 'VerifyProxy', { proxyId: 'parent-1', kind: 'parent' }, { source: 'effect' });
  const unwelcome = message('effect:proxy:1', 'A', 'RecordEligibility', { checkId: 'other', outcome: 'confirmed' }, { who: 'eligibility' });

  test('is started by the Step that lists it, and its outcome is recorded once', async () => {
    const { performed, perform } = performing(() => verified);
    const { id, store, give } = await journeys({ perform });
    await give(id, startMessage, identity);
    await eventually(async () => expect((await stored(store, id)).at(-1)?.type).toBe('ProxyAuthorityVerified'));
    await give(id, contact('c1'), contact('c2'), contact('c3'), contact('c4'));
    expect(performed).toEqual(['proxy:1']);
  });

  test('that takes its time is not started again meanwhile, and no run ends under it', async () => {
    const performed: string[] = [];
    const perform: Activities['perform'] = async (_journeyId, { id: effectId }) => {
      performed.push(effectId);
      await pause(1_500);
      return verified;
    };
    const { id, store, give } = await journeys({ perform, runLength: 2 });
    await give(id, startMessage, identity, contact('c1'), contact('c2'), contact('c3'));
    await eventually(async () => expect((await stored(store, id)).at(-1)?.type).toBe('ProxyAuthorityVerified'));
    expect(performed).toEqual(['proxy']);
  });

  test('that throws is tried again', async () => {
    const { performed, perform } = performing((tries) => {
      if (tries === 1) throw new Error('the partner is away');
      return verified;
    });
    const { id, store, give } = await journeys({ perform });
    await give(id, startMessage, identity);
    await eventually(async () => expect((await stored(store, id)).at(-1)?.type).toBe('ProxyAuthorityVerified'));
    expect(performed).toEqual(['proxy:1', 'proxy:1']);
  });

  test('that was handed over is not started again by the same run', async () => {
    const { performed, perform } = performing(() => null);
    const { id, give } = await journeys({ perform, runLength: 100 });
    await give(id, startMessage, identity);
    await eventually(() => expect(performed).toHaveLength(1));
    await give(id, contact('c1'), contact('c2'), contact('c3'));
    await pause(500);
    expect(performed).toHaveLength(1);
  });

  test.each([1, 4])('whose outcome is refused does not go round in circles (runs of %i Steps)', async (runLength) => {
    const { performed, perform } = performing(() => unwelcome);
    const { id, store, give } = await journeys({ perform, runLength });
    await give(id, startMessage, identity);
    await eventually(() => expect(performed.length).toBeGreaterThan(0));
    await pause(2_500);
    // The run that continued this one may ask once more; neither goes on asking.
    expect(performed.length).toBeLessThanOrEqual(2);
    expect((await stored(store, id)).map(({ type }) => type)).not.toContain('ProxyAuthorityVerified');
    expect((await give(id, contact('c1')))[0]).toMatchObject({ accepted: true });
  });
});

const breaches = async (...of: Parameters<typeof stored>) => (await stored(...of)).filter(({ type }) => type === 'SlaBreached');

describe('A deadline', () => {
  test('is given by the run itself when its time has come', async () => {
    const { id, store, clock, give } = await journeys();
    clock.scale = hour / 1_000;
    await give(id, startMessage, openTask('t1', 'urgentCall'));
    clock.at = firstDay + hour;
    await eventually(async () => expect(await breaches(store, id)).toMatchObject([{ entityId: 't1' }]));
    expect((await breaches(store, id))[0]).toMatchObject({ source: 'timer', occurredAt: firstDay + 300_000 });
  });

  test('of a clock that was moved is given after a refresh, each as of its own instant', async () => {
    const { id, store, clock, sender, give } = await journeys();
    await give(id, startMessage, openTask('t2', 'publicHealth'), openTask('t1'));
    clock.at = firstDay + 5 * hour;
    await pause(500);
    expect(await stored(store, id)).toHaveLength(3);
    await sender.refresh(id);
    await eventually(async () => expect(await breaches(store, id)).toHaveLength(2));
    const breached = (await breaches(store, id)).map(({ entityId, occurredAt }) => [entityId, (occurredAt - firstDay) / hour]);
    expect(breached).toEqual([
      ['t1', 1],
      ['t2', 4],
    ]);
  });

  test('is not put off by a command that changes nothing about it', async () => {
    const { id, clock, give } = await journeys({ runLength: 100 });
    clock.scale = 1;
    const timers = async (): Promise<number> => {
      const { events } = JSON.parse(await historyOf(runner(), id)) as {
        readonly events: readonly { timerStartedEventAttributes?: object }[];
      };
      return events.filter(({ timerStartedEventAttributes: started }) => started !== undefined).length;
    };
    await give(id, startMessage, openTask('t1', 'urgentCall'), contact('c1'));
    const before = await timers();
    await give(id, contact('c2'), contact('c3'));
    expect(before).toBeGreaterThan(0);
    expect(await timers()).toBe(before);
  });

  test('that has a broken rule waits, also for the runs that follow, and keeps no other from being given', async () => {
    let given = 0;
    const know: RunSetting['know'] = ({ command: { data } }) => {
      if ((data as { readonly entityId?: string }).entityId !== 't1') return {};
      given += 1;
      return { pathway: undefined } as object;
    };
    const { id, store, clock, sender, give } = await journeys({ know });
    await give(id, startMessage, openTask('t1'), openTask('t2', 'publicHealth'));
    clock.at = firstDay + 5 * hour;
    await sender.refresh(id);
    await eventually(async () => expect(await breaches(store, id)).toMatchObject([{ entityId: 't2' }]));
    const answers = await give(id, ...Array.from({ length: 6 }, (_, i) => contact(`c${i}`)));
    expect(answers.every(({ accepted }) => accepted)).toBe(true);
    expect(given).toBe(1);
  });
});

describe('A run', () => {
  test('ends when nothing is outstanding, and a late fact starts one again', async () => {
    const { id, clock, sender, give } = await journeys();
    await give(id, startMessage);
    clock.at = firstDay + 24 * hour;
    await sender.refresh(id);
    await eventually(async () => expect((await describeRun(runner(), id)).status.name).toBe('COMPLETED'));
    const [late] = await give(id, openTask('t1'));
    expect(late).toMatchObject({ accepted: true, events: [{ type: 'TaskOpened' }] });
    expect((await describeRun(runner(), id)).status.name).toBe('RUNNING');
  });

  test('that nobody needs ends at once', async () => {
    const { id, sender } = await journeys();
    await sender.refresh(id);
    await eventually(async () => expect((await describeRun(runner(), id)).status.name).toBe('COMPLETED'));
  });

  test('shows its stage as it changes, also in the runs that continue it', async () => {
    const { id, give } = await journeys({ runLength: 2 });
    const stage = async () => (await describeRun(runner(), id)).searchAttributes.CaretrailStage;
    await give(id, startMessage);
    await eventually(async () => expect(await stage()).toEqual(['Requested']));
    await give(id, identity);
    await eventually(async () => expect(await stage()).toEqual(['Screening']));
    const { runId } = await describeRun(runner(), id);
    await give(id, ...Array.from({ length: 5 }, (_, i) => contact(`c${i}`)));
    await eventually(async () => expect((await describeRun(runner(), id)).runId).not.toBe(runId));
    expect(await stage()).toEqual(['Screening']);
  });

  test('that fell out of the cache is served by a worker that was stopped and started again', async () => {
    const { id, store, clock, sender, give, stopWorker, startWorker } = await journeys({ maxCachedWorkflows: 1, runLength: 100 });
    await give(id, startMessage, openTask('t1'));
    await give(`${id}-other`, startMessage);
    await give(id, contact('c1'));
    await stopWorker();
    clock.at = firstDay + hour;
    const waiting = sender.send(id, contact('c2'), 30_000);
    await pause(300);
    await startWorker();
    expect(await waiting).toMatchObject({ accepted: true });
    await eventually(async () => expect((await stored(store, id)).map(({ type }) => type)).toContain('SlaBreached'));
    const events = await stored(store, id);
    expect(events.map(({ version }) => version)).toEqual(events.map((_, i) => i + 1));
    expect(events.filter(({ type }) => type === 'SlaBreached')).toHaveLength(1);
  });
});

test('a command that nobody takes is given up in time, and nobody knows whether it was recorded', async () => {
  const { id, sender, give, stopWorker, startWorker } = await journeys();
  await give(id, startMessage);
  await stopWorker();
  await expect(sender.send(id, contact('c1'), 1_000)).rejects.toMatchObject({ name: 'RunnerUnavailable' });
  await startWorker();
  expect((await give(id, contact('c1')))[0]).toMatchObject({ accepted: true });
});
