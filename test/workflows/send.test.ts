import { repeats } from '../../workflows/send.ts';

const answered = (code: number) => ({ code, details: '', metadata: undefined }) as never;

test('a command that the runner turns away is given again by its sender, and not kept back by the connection', () => {
  expect(repeats.retryableDecider(1, answered(8))).toBe(false);
  expect(repeats.retryableDecider(1, answered(14))).toBe(true);
});
