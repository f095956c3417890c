/** Has the Temporal SDK download its server into the folder named first. A process of its own, so that it can be given up. */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [, , downloadDir] = process.argv;
try {
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', downloadDir } } });
  await environment.teardown();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
