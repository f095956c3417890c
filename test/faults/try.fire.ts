import { cpSync } from 'node:fs';
import { firstPlay } from '../../dev/clinic.ts';
import { openClient } from '../crash/client.ts';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { judge, storedOf, toTheirClose } from './judgement.ts';
import { care, type Load, play, playMany } from './load.ts';

let system: TestSystem;
let load: Load;
const out = (s: string) => process.stderr.write(`${new Date().toISOString()} ${s}\n`);
beforeAll(async () => {
  system = await startSystem('faults-try', firstPlay, { dying: true });
  load = { system, client: openClient(system, true), firstDay: firstPlay };
}, 120_000);
afterAll(async () => {
  cpSync(system.folder, '/tmp/faults-try', { recursive: true });
  await system?.stop();
}, 60_000);
test('try', async () => {
  out('up');
  try {
    const id = await play(load, 'one', care(load));
    out('one');
    const ids = await playMany(load, 'many', 9, care(load), 3);
    out('nine');
    await toTheirClose(load, [id, ...ids]);
    out('closed');
    await judge(load);
    out('judged');
    out((await storedOf(system, id)).map(({ type }) => type).join(' '));
  } catch (e) {
    out(String((e as Error).message));
    throw e;
  }
}, 200_000);
