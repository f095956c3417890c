// A Temporal of a test's own, which may be killed, frozen, and robbed of its data.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../dev/embedded/free-port.ts';
import { startTemporal } from '../../dev/embedded/temporal.ts';
import { testFolder } from '../parts/postgres.ts';

export interface OwnTemporal {
  readonly address: string;
  /** SIGKILL, and started again on its data. */
  crash(): Promise<void>;
  /** SIGKILL, its data deleted, and started with none. */
  lose(): Promise<void>;
  freeze(): void;
  thaw(): void;
  remove(): Promise<void>;
}

export async function startOwnTemporal(label: string): Promise<OwnTemporal> {
  const home = testFolder(`${label}-temporal`);
  const folder = join(home, 'data');
  const port = await freePort();
  const launch = () => startTemporal({ folder, log: join(home, 'temporal.log'), port });
  let running = await launch();
  const signal = (name: NodeJS.Signals): void => void (running.pid !== undefined && process.kill(running.pid, name));
  return {
    address: running.address,
    async crash() {
      await running.kill();
      running = await launch();
    },
    async lose() {
      await running.kill();
      await rm(folder, { recursive: true });
      running = await launch();
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async remove() {
      await running.kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}
