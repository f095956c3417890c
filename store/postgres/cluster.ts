import pg from 'pg';
import { type Database, inTransaction } from './pool.ts';

/** The password of each role; made by the caller and kept out of the database. */
export interface RolePasswords {
  /** Migrates; owns every table and function. */
  readonly owner: string;
  /** Appends through functions, and keeps the other ports. */
  readonly writer: string;
  /** Owns the views. */
  readonly projector: string;
  /** Reads what its settings allow. */
  readonly api: string;
}

export type RoleName = keyof RolePasswords;

/** The database's name for a role. */
export const databaseRole = (role: RoleName) => `caretrail_${role}`;

const roleNames: readonly RoleName[] = ['owner', 'writer', 'projector', 'api'];

/** Makes the roles of the server, or gives them these passwords and rights again. @throws the driver's error */
export async function prepareCluster(superuser: pg.Pool, passwords: RolePasswords): Promise<void> {
  await inTransaction(superuser, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('caretrail roles'))");
    for (const role of roleNames) await makeRole(client, databaseRole(role), passwords[role]);
    // Whoever holds the lock of the log and falls silent would stop every append.
    await client.query("ALTER ROLE caretrail_writer SET idle_in_transaction_session_timeout = '15s'");
  });
}

async function makeRole(client: Database, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  const rights = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION';
  await client.query(`${verb} ROLE ${role} WITH ${rights} PASSWORD ${pg.escapeLiteral(password)}`);
}

/**
 * Makes a database that only our roles may enter, as a copy of the template if one is named. One that is there already stays.
 * @throws the driver's error
 */
export async function ensureDatabase(superuser: pg.Pool, name: string, template = 'template1'): Promise<void> {
  const database = pg.escapeIdentifier(name);
  const { rowCount } = await superuser.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) await superuser.query(`CREATE DATABASE ${database} OWNER caretrail_owner TEMPLATE ${pg.escapeIdentifier(template)}`);
  await superuser.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await superuser.query(`GRANT CONNECT ON DATABASE ${database} TO ${roleNames.map(databaseRole).join(', ')}`);
}
