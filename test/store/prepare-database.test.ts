import { execFileSync } from 'node:child_process';
import { openEventStore } from '../../store/postgres/event-store.ts';
import { openPool } from '../../store/postgres/pool.ts';
import { anEvent } from '../contract/events.ts';
import { createDatabase } from '../parts/postgres.ts';

test('npm run prepare-database makes a database that takes events, and a second time changes nothing', async () => {
  const existing = await createDatabase();
  const name = `prepared_${existing.name}`;
  const url = (role: Parameters<typeof existing.url>[0]): string => existing.url(role).replace(existing.name, name);
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    CARETRAIL_DATABASE_SUPERUSER_URL: existing.url('superuser'),
    CARETRAIL_DATABASE_OWNER_URL: url('owner'),
    CARETRAIL_DATABASE_WRITER_URL: url('writer'),
    CARETRAIL_DATABASE_PROJECTOR_URL: url('projector'),
    CARETRAIL_DATABASE_API_URL: url('api'),
  };
  const prepare = (): string => execFileSync('npm', ['run', '-s', 'prepare-database'], { env, encoding: 'utf8' });
  expect([prepare(), prepare()]).toEqual([`The database ${name} is ready.\n`, `The database ${name} is ready.\n`]);

  const writer = openPool(url('writer'));
  const appended = await openEventStore(writer).append('journey-1', [anEvent()], 'none');
  expect(appended).toMatchObject({ version: 1, position: 1 });
  await writer.end();
  await existing.superuser.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await existing.drop();
});
