/** Something to be brought to one target; it may be brought twice. */
export interface Delivery {
  readonly target: string;
  /** Rejects when it has to be tried again. */
  readonly deliver: () => Promise<void>;
}

export interface LanesOptions {
  /** Position up to which everything was delivered before. */
  readonly from: number;
  /** Told of a target that waits, and how often it has failed. */
  readonly report: (failure: { readonly target: string; readonly tries: number; readonly error: unknown }) => void;
  readonly concurrency?: number;
  /** Deliveries that may be outstanding before `put` makes its caller wait. */
  readonly capacity?: number;
  /** The pause after so many failures, in milliseconds. */
  readonly pauseOf?: (tries: number) => number;
}

interface Lane {
  readonly items: { readonly position: number; readonly deliver: () => Promise<void> }[];
  tries: number;
}

const longestPauseMs = 30_000;
const growing = (tries: number): number => Math.min(longestPauseMs, 100 * 2 ** tries);

/**
 * Deliveries behind a reader of a log: in order for each target, side by side for different ones. A target that fails waits by
 * itself, and the others go on.
 */
export class Lanes {
  private readonly options: Required<LanesOptions>;
  private readonly lanes = new Map<string, Lane>();
  private readonly ready: string[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly underWay = new Set<Promise<void>>();
  /** How many deliveries are left for each position, the oldest first. */
  private readonly left = new Map<number, number>();
  private waiting: (() => void)[] = [];
  private outstanding = 0;
  private read: number;
  private stopped = false;

  constructor(options: LanesOptions) {
    this.options = { concurrency: 16, capacity: 10_000, pauseOf: growing, ...options };
    this.read = options.from;
  }

  /** Takes what the log's next position leads to; waits while too much is outstanding. */
  async put(position: number, deliveries: readonly Delivery[]): Promise<void> {
    while (this.outstanding >= this.options.capacity && !this.stopped) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.read = position;
    if (deliveries.length === 0) return;
    this.left.set(position, deliveries.length);
    this.outstanding += deliveries.length;
    for (const delivery of deliveries) this.add(position, delivery);
    this.start();
  }

  /** Everything up to here is delivered: a reader may start after it. */
  deliveredUpTo(): number {
    return (this.left.keys().next().value ?? this.read + 1) - 1;
  }

  /** Starts nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.wake();
    await Promise.all(this.underWay);
  }

  private add(position: number, { target, deliver }: Delivery): void {
    const lane = this.lanes.get(target);
    if (lane) return void lane.items.push({ position, deliver });
    this.lanes.set(target, { items: [{ position, deliver }], tries: 0 });
    this.ready.push(target);
  }

  private start(): void {
    while (!this.stopped && this.underWay.size < this.options.concurrency) {
      const target = this.ready.shift();
      if (target === undefined) return;
      const run: Promise<void> = this.attempt(target).finally(() => {
        this.underWay.delete(run);
        this.start();
      });
      this.underWay.add(run);
    }
  }

  private async attempt(target: string): Promise<void> {
    const lane = this.lanes.get(target);
    const item = lane?.items[0];
    if (!lane || !item) return;
    try {
      await item.deliver();
    } catch (error) {
      lane.tries += 1;
      this.options.report({ target, tries: lane.tries, error });
      return this.pause(target, this.options.pauseOf(lane.tries));
    }
    lane.items.shift();
    lane.tries = 0;
    this.settle(item.position);
    if (lane.items.length > 0) this.ready.push(target);
    else this.lanes.delete(target);
  }

  private pause(target: string, milliseconds: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.ready.push(target);
      this.start();
    }, milliseconds);
    this.timers.add(timer);
  }

  private settle(position: number): void {
    const more = (this.left.get(position) ?? 1) - 1;
    if (more === 0) this.left.delete(position);
    else this.left.set(position, more);
    this.outstanding -= 1;
    if (this.outstanding < this.options.capacity) this.wake();
  }

  private wake(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }
}
