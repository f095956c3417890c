import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { isAlive } from '../../dev/embedded/postgres-process.ts';
import { type RunningTemporal, startTemporal } from '../../dev/embedded/temporal.ts';

const running: RunningTemporal[] = [];
let folder: string;

async function start(...options: Parameters<typeof startTemporal>): Promise<RunningTemporal> {
  const server = await startTemporal(...options);
  running.push(server);
  return server;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caretrail-temporal-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

test('a server in memory answers, knows the search attribute and leaves nothing running', async () => {
  const server = await start({ inMemory: true, log: join(folder, 'temporal.log') });
  const connection = await Connection.connect({ address: server.address });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
  await connection.close();
  expect(Object.keys(customAttributes ?? {})).toContain('CaretrailStage');
  expect(server.uiAddress).toBeUndefined();
  await server.stop();
  expect(isAlive(Number(server.pid))).toBe(false);
});

test('a killed server starts again on its folder and its port', async () => {
  const first = await start({ folder, log: join(folder, 'temporal.log') });
  await first.kill();
  expect(isAlive(Number(first.pid))).toBe(false);
  const port = Number(first.address.split(':')[1]);
  const second = await start({ folder, port, log: join(folder, 'temporal.log') });
  expect(second.address).toBe(first.address);
  expect((await stat(join(folder, 'temporal.db'))).size).toBeGreaterThan(0);
});

test('a server that an earlier run left on the folder is ended first', async () => {
  const left = await start({ folder, log: join(folder, 'left.log') });
  const next = await start({ folder, log: join(folder, 'next.log') });
  expect(isAlive(Number(left.pid))).toBe(false);
  expect(isAlive(Number(next.pid))).toBe(true);
});

test('the screens are served where they are asked for', async () => {
  const server = await start({ inMemory: true, ui: true, log: join(folder, 'temporal.log') });
  const answer = await fetch(String(server.uiAddress));
  expect(answer.ok).toBe(true);
});

test('a server that runs elsewhere is used and left running', async () => {
  const own = await start({ inMemory: true, log: join(folder, 'temporal.log') });
  const joined = await startTemporal({ inMemory: true, log: join(folder, 'unused.log'), address: own.address });
  await joined.stop();
  expect(joined.address).toBe(own.address);
  expect(isAlive(Number(own.pid))).toBe(true);
  await expect(joined.kill()).rejects.toThrow('not ours');
});

test('a server that does not start says why', async () => {
  const log = join(folder, 'temporal.log');
  await expect(start({ inMemory: true, log, executable: process.execPath })).rejects.toThrow(/did not start[\s\S]*server/);
});
