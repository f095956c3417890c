/**
 * (h): bytes of the worker's process for each journey that it keeps in memory, against those of a worker that keeps as many bare
 * workflows: a condition that never comes true and one Update. The bytes are resident memory as the kernel counts it (VmRSS), for most of
 * it belongs to the threads that run workflow code, whose heaps a process cannot ask for from outside. What a worker holds anyway is left
 * out: it is the growth from the first few journeys to many, divided by how many came. Nobody can have the threads collect their garbage
 * at that moment, so the figure holds some of it, on both sides. A journey has been begun and waits; the worker is the one of production,
 * with its store, its readers and the folded journeys that it remembers.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { type Child, startChild } from '../child.ts';
import type { BareSetting } from './bare-worker.ts';
import type { bare } from './bare-workflow.ts';
import { compared, type Measured } from './measure.ts';
import type { Setting } from './setting.ts';
import { startWhole } from './whole.ts';

const few = 300;
const many = 1_300;
const atOnce = 16;
const taskQueue = 'bench-bare';
/** V8 gives back what it does not need after a while of rest. */
const restMs = 10_000;

/** Measures (h) `memory`, in bytes. */
export async function measureMemory(setting: Setting): Promise<Readonly<Record<string, Measured>>> {
  const whole = await startWhole(join(setting.folder, 'memory'), ['partners', 'worker']);
  try {
    const journeys = await growth(whole.children.get('worker'), (n) => whole.begin(`bench-remembered-${n}`));
    const bareOnes = await growthOfBare(setting, whole.temporal.address);
    return { memory: { ...compared(journeys, bareOnes, 'bytes'), more: { journeys: many - few } } };
  } finally {
    await whole.stop();
  }
}

async function growthOfBare(setting: Setting, temporal: string): Promise<number> {
  const told: BareSetting = { temporal, taskQueue, cached: 2 * many };
  const script = fileURLToPath(new URL('./bare-worker.js', import.meta.url));
  const worker = await startChild('bare', script, { CARETRAIL_BENCH: JSON.stringify(told) }, join(setting.folder, 'bare.log'));
  const connection = await Connection.connect({ address: temporal });
  const client = new Client({ connection });
  try {
    return await growth(worker, async (n) => {
      const workflow = { workflowId: `bench-bare-${n}`, taskQueue, workflowIdConflictPolicy: 'USE_EXISTING' as const };
      const startWorkflowOperation = new WithStartWorkflowOperation<typeof bare>('bare', workflow);
      await client.workflow.executeUpdateWithStart<typeof bare, number, [unknown]>('take', { args: [{ n }], startWorkflowOperation });
    });
  } finally {
    await connection.close();
    await worker.stop();
  }
}

/** Bytes by which a worker grows with each workflow beyond the first few. */
async function growth(worker: Child | undefined, begin: (n: number) => Promise<void>): Promise<number> {
  await inTurn(0, few, begin);
  const before = await residentBytes(worker);
  await inTurn(few, many, begin);
  return ((await residentBytes(worker)) - before) / (many - few);
}

async function inTurn(from: number, to: number, begin: (n: number) => Promise<void>): Promise<void> {
  let next = from;
  const work = async (): Promise<void> => {
    while (next < to) {
      next += 1;
      await begin(next);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Resident memory of a process that has come to rest. @throws Error where there is no /proc */
async function residentBytes(worker: Child | undefined): Promise<number> {
  await pause(restMs);
  const status = await readFile(`/proc/${worker?.process.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
}
