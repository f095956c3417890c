// The places of a worker at which a test may let it die, around its parts (docs/reliability.md lists them all).
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { Pass } from '../store/fail-point.ts';
import type { Attempts } from '../store/ports.ts';

/** Passes before and after an attempt is written down, after the partner did it, and before its outcome is recorded. */
export const passingAttempts = (attempts: Attempts, pass: Pass): Attempts => ({
  async begin(effectId, attempt) {
    pass('perform.begins', kindOf(effectId));
    const earlier = await attempts.begin(effectId, attempt);
    pass('perform.begun', kindOf(effectId));
    return earlier;
  },
  async settle(effectId, ...outcome) {
    pass('perform.done', kindOf(effectId));
    await attempts.settle(effectId, ...outcome);
    pass('perform.settled', kindOf(effectId));
  },
});

/** An attempt's key is `<journey>/<kind>.<entity>`. */
const kindOf = (effectId: string): string | undefined => /\/([a-z-]+)/.exec(effectId)?.[1];

/** Passes before a reader's command is sent, and after it was taken and before the reader knows. */
export const passingTo =
  <Told extends readonly unknown[], Given>(
    reader: string,
    give: (...told: Told) => Promise<Given>,
    pass: Pass,
  ): ((...told: Told) => Promise<Given>) =>
  async (...told) => {
    pass(`${reader}.sends`);
    const answer = await give(...told);
    pass(`${reader}.sent`);
    return answer;
  };

/** The input of a run, as its JSON begins; one that continues brings a Step. */
const newRun = /^\{"journeyId":"[^"]*","runLength":\d+\}/;
const continuedRun = /^\{"journeyId":"[^"]*","runLength":\d+,"step":/;

/** Passes when a run's first task reaches the worker, and when a run has decided to continue as new. */
export const passingCodec = (codec: PayloadCodec, pass: Pass): PayloadCodec => ({
  async encode(payloads) {
    if (payloads.some((payload) => continuedRun.test(beginningOf(payload)))) pass('run.continues');
    return codec.encode(payloads);
  },
  async decode(payloads) {
    const opened = await codec.decode(payloads);
    if (opened.some((payload) => newRun.test(beginningOf(payload)))) pass('run.starts');
    return opened;
  },
});

// What the SDK calls bytes is a plain empty array where a payload has none.
const beginningOf = ({ data }: Payload): string =>
  Buffer.from(data ?? [])
    .subarray(0, 400)
    .toString('utf8');
