// `npm run prepare-database`: the roles, the database and its tables on a PostgreSQL server of your own; a second time brings it up to date.
import { readConfig } from '../config.ts';
import { ensureDatabase, prepareCluster, type RoleName, type RolePasswords } from './postgres/cluster.ts';
import { migrate } from './postgres/migrate.ts';
import { openPool } from './postgres/pool.ts';

const config = readConfig(['databaseSuperuserUrl', 'databaseOwnerUrl', 'databaseWriterUrl', 'databaseProjectorUrl', 'databaseApiUrl']);
const urls: Readonly<Record<RoleName, string>> = {
  owner: config.databaseOwnerUrl,
  writer: config.databaseWriterUrl,
  projector: config.databaseProjectorUrl,
  api: config.databaseApiUrl,
};

/** The passwords are those that the addresses of the roles carry. */
const passwords = Object.fromEntries(
  Object.entries(urls).map(([role, url]) => [role, decodeURIComponent(new URL(url).password)]),
) as unknown as RolePasswords;
const database = new URL(urls.owner).pathname.slice(1);

const superuser = openPool(config.databaseSuperuserUrl, 1);
await prepareCluster(superuser, passwords);
await ensureDatabase(superuser, database);
await superuser.end();
const owner = openPool(urls.owner, 1);
await migrate(owner);
await owner.end();
process.stdout.write(`The database ${database} is ready.\n`);
