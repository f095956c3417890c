// A worker that knows nothing but the bare workflow, a process of its own.
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';

/** What the bench tells it, as JSON in the environment. */
export interface BareSetting {
  readonly temporal: string;
  readonly taskQueue: string;
  readonly cached: number;
}

const { temporal, taskQueue, cached } = JSON.parse(process.env.CARETRAIL_BENCH ?? '') as BareSetting;
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: temporal, grpcCompression: { codec: 'none' } }),
  taskQueue,
  workflowBundle: await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./bare-workflow.js', import.meta.url)) }),
  maxCachedWorkflows: cached,
});
process.on('SIGTERM', () => worker.shutdown());
await worker.run();
process.exit();
