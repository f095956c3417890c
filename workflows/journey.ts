import { defineSearchAttributeKey } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { Effect } from '../domain/kernel/plan.ts';
import { type Answer, type CommandMessage, command, refresh, type Step } from './messages.ts';

const quick = proxyLocalActivities<Activities>({ startToCloseTimeout: '2s', scheduleToCloseTimeout: '5s', retry: { maximumAttempts: 3 } });
const durable = proxyActivities<Activities>({ startToCloseTimeout: '10s', retry: { initialInterval: '1s', maximumInterval: '30s' } });
const stageAttribute = defineSearchAttributeKey('CaretrailStage', 'KEYWORD');

export interface JourneyInput {
  readonly journeyId: string;
  /** Steps after which the run continues as new at its next quiet moment. */
  readonly runLength: number;
  /** What the run before this one was waiting for. */
  readonly step?: Step;
}

/**
 * Runs one patient's journey. It takes commands one at a time, has each decided and recorded, and then does what the
 * recorded Step says: starts the effects, keeps the deadline. It holds no rule, so changing one cannot break a replay.
 */
export async function journey({ journeyId, runLength, step: earlier }: JourneyInput): Promise<void> {
  const running = new Set<string>();
  // Effects that the partner has taken and whose outcome comes later by itself, as a fact.
  const handedOver = new Set<string>();
  let step: Step | undefined;
  let shown = earlier?.stage;
  let timer: CancellationScope | undefined;
  let chain: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let taken = 0;

  // Whatever yields a Step goes through this one chain, so that no Step is older than the one before it.
  const queue = (work: () => Promise<Step>, settled = (_next?: Step): void => {}): Promise<Step> => {
    waiting += 1;
    const over = (next?: Step): void => {
      waiting -= 1;
      taken += 1;
      settled(next);
    };
    const followed = chain.then(work).then(
      (next) => {
        over(next);
        return follow(next);
      },
      (error) => {
        over();
        throw error;
      },
    );
    chain = followed.catch(() => undefined);
    return followed;
  };

  const follow = (next: Step): Step => {
    if (next.stage !== shown) upsertSearchAttributes([{ key: stageAttribute, value: next.stage }]);
    shown = next.stage;
    step = next;
    setCurrentDetails(next.details);
    for (const effect of next.effects) if (!running.has(keyOf(effect)) && !handedOver.has(keyOf(effect))) perform(effect);
    wake(next);
    return next;
  };

  // Quick while the store answers, patient when it does not. The command's id makes the second call harmless.
  const setAside = () => step?.setAside ?? earlier?.setAside ?? [];
  const execute = (message: CommandMessage) => (): Promise<Step> =>
    quick.execute(journeyId, message, setAside()).catch(() => durable.execute(journeyId, message, setAside()));
  const open = (): Promise<Step> => quick.open(journeyId, setAside()).catch(() => durable.open(journeyId, setAside()));

  const take = (message: CommandMessage): Promise<Answer> => queue(execute(message)).then(({ answer }) => answer);

  // An effect is running until its outcome is recorded, and no longer when the Step that follows is obeyed. One that is
  // listed still, under the same attempt, waits for somebody else; to start it again at once would go round in circles.
  const perform = (effect: Effect): void => {
    const key = keyOf(effect);
    const over = (next?: Step): void => {
      running.delete(key);
      if (next?.effects.some((listed) => keyOf(listed) === key)) handedOver.add(key);
    };
    running.add(key);
    durable.perform
      .executeWithOptions({ summary: `${effect.kind} ${effect.entityId}` }, [journeyId, effect])
      .then((outcome): unknown => (outcome ? queue(execute(outcome), over) : handedOver.add(key)))
      .catch(report)
      .finally(() => over());
  };

  const wake = ({ next }: Step): void => {
    timer?.cancel();
    timer = undefined;
    if (!next) return;
    const due = next.command ? execute(next.command) : open;
    timer = new CancellationScope();
    timer
      .run(() => sleep(Math.max(0, next.wakeAt - Date.now()), { summary: next.command?.id ?? 'effect with a time' }))
      .then(() => queue(due))
      .catch(report);
  };

  setHandler(command, take);
  setHandler(refresh, () => void queue(open).catch(report));
  if (earlier) follow(earlier);
  else if (waiting === 0) queue(open).catch(report);

  await condition(() => waiting === 0 && running.size === 0 && allHandlersFinished() && (step?.done === true || taken >= runLength));
  timer?.cancel();
  if (step && !step.done) await continueAsNew<typeof journey>({ journeyId, runLength, step });
}

const keyOf = ({ id, attempt }: Effect): string => `${id}:${attempt}`;

// A rejection that nobody handles would fail the workflow task for ever.
function report(error: unknown): void {
  if (!isCancellation(error)) log.error('a step was not recorded', { error: String(error) });
}
