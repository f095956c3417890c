import type { Payload, PayloadCodec } from '@temporalio/common';
import { passingCodec } from '../../worker/fail-points.ts';

const plain: PayloadCodec = { encode: async (payloads) => payloads, decode: async (payloads) => payloads };
const passed: string[] = [];
const codec = passingCodec(plain, (place) => void passed.push(place));
const of = (value: object): Payload => ({ data: Buffer.from(JSON.stringify(value)) });
const first = of({ journeyId: 'j1', runLength: 4 });
const continued = of({ journeyId: 'j1', runLength: 4, step: { done: false } });

beforeEach(() => passed.splice(0));

test('a new run passes when its input arrives, and one that continues when its input leaves', async () => {
  await codec.decode([first]);
  expect(passed).toEqual(['run.starts']);
  await codec.encode([continued]);
  expect(passed).toEqual(['run.starts', 'run.continues']);
});

test('an input that continues has started before, and one that leaves is not continued', async () => {
  await codec.decode([continued]);
  await codec.encode([first]);
  expect(passed).toEqual([]);
});

test('a payload without data, and one whose bytes the SDK gives as an empty array, goes through', async () => {
  const empty = [{}, { data: null }, { data: [] as unknown as Uint8Array }];
  expect(await codec.encode(empty)).toBe(empty);
  expect(await codec.decode(empty)).toBe(empty);
  expect(passed).toEqual([]);
});
