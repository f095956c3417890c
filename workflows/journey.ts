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
import { type Answer, type CommandMessage, command, refresh, type SetAside, type Step } from './messages.ts';

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
export async function journey(input: JourneyInput): Promise<void> {
  const run = new Run(input);
  // Signals before Updates, as they come in a task that is replayed: what waits at the start of a run is handed out in this order.
  setHandler(refresh, () => run.look());
  setHandler(command, (message) => run.take(message));
  run.begin();
  await condition(() => run.isQuiet() && allHandlersFinished());
  const step = run.end();
  if (step) await continueAsNew<typeof journey>({ ...input, step });
}

/** One run of a journey: what it is waiting for, and what it has under way. */
class Run {
  private readonly input: JourneyInput;
  private step: Step | undefined;
  private shownStage: string | undefined;
  private timer: CancellationScope | undefined;
  /** What the timer waits for. */
  private armed = '';
  private chain: Promise<unknown> = Promise.resolve();
  private readonly running = new Set<string>();
  /** Effects that wait for somebody else: the partner has taken them, or their outcome has moved nothing. */
  private readonly handedOver = new Set<string>();
  private waiting = 0;
  private taken = 0;

  constructor(input: JourneyInput) {
    this.input = input;
    this.shownStage = input.step?.stage;
  }

  /** Goes on where the run before this one stood; a command that started this run brings its own Step. */
  begin(): void {
    if (this.input.step) this.follow(this.input.step);
    else if (this.waiting === 0) this.look();
  }

  take(message: CommandMessage): Promise<Answer> {
    return this.queue(() => this.execute(message)).then(({ answer }) => answer);
  }

  /** Reads the Step again. */
  look(): void {
    this.queue(() => this.open()).catch(report);
  }

  isQuiet(): boolean {
    const enough = this.step?.done === true || this.taken >= this.input.runLength;
    return this.waiting === 0 && this.running.size === 0 && enough;
  }

  /** The Step to go on from, if anything is outstanding. */
  end(): Step | undefined {
    this.timer?.cancel();
    return this.step?.done ? undefined : this.step;
  }

  // Whatever yields a Step goes through this one chain, so that no Step is older than the one before it.
  private queue(work: () => Promise<Step>, settled: (next?: Step) => void = () => undefined): Promise<Step> {
    this.waiting += 1;
    const over = (next?: Step): void => {
      this.waiting -= 1;
      this.taken += 1;
      settled(next);
    };
    const followed = this.chain.then(work).then(
      (next) => {
        over(next);
        return this.follow(next);
      },
      (error) => {
        over();
        throw error;
      },
    );
    this.chain = followed.catch(() => undefined);
    return followed;
  }

  private follow(next: Step): Step {
    if (next.stage !== this.shownStage) upsertSearchAttributes([{ key: stageAttribute, value: next.stage }]);
    this.shownStage = next.stage;
    this.step = next;
    setCurrentDetails(next.details);
    for (const effect of next.effects) if (!this.running.has(keyOf(effect)) && !this.handedOver.has(keyOf(effect))) this.perform(effect);
    this.wake(next);
    return next;
  }

  // Quick while the store answers, patient when it does not. The command's id makes the second call harmless.
  private execute(message: CommandMessage): Promise<Step> {
    const { journeyId } = this.input;
    return quick.execute(journeyId, message, this.setAside()).catch(() => durable.execute(journeyId, message, this.setAside()));
  }

  private open(): Promise<Step> {
    const { journeyId } = this.input;
    return quick.open(journeyId, this.setAside()).catch(() => durable.open(journeyId, this.setAside()));
  }

  private setAside(): readonly SetAside[] {
    return this.step?.setAside ?? [];
  }

  // An effect is running until its outcome is recorded, and no longer when the Step that follows is obeyed. One that is
  // listed still, under the same attempt, waits for somebody else; to start it again at once would go round in circles.
  private perform(effect: Effect): void {
    const key = keyOf(effect);
    const over = (next?: Step): void => {
      this.running.delete(key);
      if (!next?.effects.some((listed) => keyOf(listed) === key)) return;
      this.handedOver.add(key);
      // Its Step does not count: a run that continued as new for it would start it again, and so would the next.
      this.taken -= 1;
    };
    this.running.add(key);
    durable.perform
      .executeWithOptions({ summary: `${effect.kind} ${effect.entityId}` }, [this.input.journeyId, effect])
      .then((outcome): unknown => (outcome ? this.queue(() => this.execute(outcome), over) : this.handedOver.add(key)))
      .catch(report)
      .finally(() => over());
  }

  // A timer that waits for the same stays: a deadline that is due would else be put off by every command that comes.
  private wake({ next }: Step): void {
    const armed = next ? `${next.wakeAt}/${next.command?.id ?? ''}` : '';
    if (this.timer && armed === this.armed) return;
    this.timer?.cancel();
    this.timer = undefined;
    this.armed = armed;
    if (!next) return;
    const { wakeAt, command: due } = next;
    const timer = new CancellationScope();
    this.timer = timer;
    timer
      .run(() => sleep(Math.max(0, wakeAt - Date.now()), { summary: due?.id ?? 'effect with a time' }))
      .then(() => {
        if (this.timer === timer) this.timer = undefined;
        return this.queue(() => (due ? this.execute(due) : this.open()));
      })
      .catch(report);
  }
}

const keyOf = ({ id, attempt }: Effect): string => `${id}:${attempt}`;

// A rejection that nobody handles would fail the workflow task for ever.
function report(error: unknown): void {
  if (!isCancellation(error)) log.error('a step was not recorded', { error: String(error) });
}
