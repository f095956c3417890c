import type { Connection } from '@temporalio/client';

const stage = 'CaretrailStage';
/** IndexedValueType.KEYWORD of Temporal's API. */
const keyword = 2;
const alreadyExists = 6;

/** Registers the one search attribute that journeys write, if it is missing: unregistered it would block every workflow task. */
export async function registerStage({ operatorService }: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  if (customAttributes?.[stage] !== undefined) return;
  try {
    await operatorService.addSearchAttributes({ namespace, searchAttributes: { [stage]: keyword } });
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== alreadyExists) throw error;
  }
}
