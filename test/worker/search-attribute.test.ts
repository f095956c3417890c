import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { registerStage } from '../../worker/search-attribute.ts';
import { temporalAddress } from '../parts/temporal.ts';

const namespace = `attribute-${process.pid}`;
let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: temporalAddress() });
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
});
afterAll(() => connection.close());

const registered = async (): Promise<boolean> => {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return customAttributes?.CaretrailStage === 2;
};

/** A new namespace is known to all parts of the server only after a while. */
async function patiently(act: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const done = await act().then(
      () => true,
      () => false,
    );
    if (done) return;
    await pause(200);
  }
  await act();
}

test('the attribute that journeys write is registered where it is missing, and a second time changes nothing', async () => {
  await patiently(async () => expect(await registered()).toBe(false));
  await registerStage(connection, namespace);
  expect(await registered()).toBe(true);
  await Promise.all([registerStage(connection, namespace), registerStage(connection, namespace)]);
  expect(await registered()).toBe(true);
});
