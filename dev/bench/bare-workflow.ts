import { condition, defineUpdate, setHandler } from '@temporalio/workflow';

/** The least that waits as a journey does: one Update that is answered, and a condition that never comes true. */
const take = defineUpdate<number, [unknown]>('take');

export async function bare(): Promise<void> {
  let taken = 0;
  setHandler(take, (_message) => {
    taken += 1;
    return taken;
  });
  await condition(() => taken < 0);
}
