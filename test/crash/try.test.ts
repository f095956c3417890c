import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSystem, type TestSystem } from '../parts/system.ts';
import { play } from './play.ts';
import { counting } from './points.ts';

let system: TestSystem;
beforeAll(async () => {
  const t = Date.now();
  system = await startSystem('try', '2026-10-06', { dying: true });
  console.log('system', Date.now() - t);
}, 120_000);
afterAll(() => system?.stop(), 60_000);
test('count', async () => {
  const c = counting(system);
  const t = Date.now();
  await play({ system }, { kills: [], retries: true, firstDay: '2026-10-06' }, c.onStep).catch((e) => console.log(String(e.message)));
  console.log('play', Date.now() - t);
  cpSync(system.folder, '/work/h/fire/.caretrail/try', { recursive: true });
  const hits = c.hits();
  for (const [p, h] of hits) console.log(p, h.length, JSON.stringify(h.map(({ step, nth }) => `${step}.${nth}`)).slice(0, 300));
  if (process.env.CARETRAIL_TEST_ALL)
    for (const f of readdirSync(join(system.folder, 'partners')))
      console.log(f, readFileSync(join(system.folder, 'partners', f), 'utf8').slice(0, 600));
}, 120_000);
