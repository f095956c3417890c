// Workflow code of another day: it waits for something at the start that the present code does not wait for.
import { sleep } from '@temporalio/workflow';
import { type JourneyInput, journey as present } from '../../workflows/journey.ts';

export async function journey(input: JourneyInput): Promise<void> {
  const waiting = sleep('1 hour');
  await Promise.race([waiting, present(input)]);
}
