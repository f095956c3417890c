// The tables of the views: one function makes each of them, and two statements fill them.
import type { PoolClient } from 'pg';
import type { ColumnType, Row, TableDeclaration, View } from './view.ts';

/** A row with the stream that it stands for. */
export type StreamRow = Row & { readonly stream: string };

/** Name of a view's table, and of the one that a rebuild fills beside it. */
export const tableOf = ({ name }: View): string => `views.${name}`;
export const shadowOf = ({ name }: View): string => `views.${name}_next`;

const own = { stream: 'text', tenant: 'text', patient: 'text' } as const satisfies Record<string, ColumnType>;
const columnsOf = ({ columns }: TableDeclaration): Readonly<Record<string, ColumnType>> => ({ ...own, ...columns });

/** The columns of a view's table, in their order. */
export const columnNames = ({ table }: View): readonly string[] => Object.keys(columnsOf(table));

const definition = (name: string, type: ColumnType): string =>
  `${name} ${type === 'text' ? 'text COLLATE "C"' : type}${name in own ? ' NOT NULL' : ''}`;

/**
 * Makes a table for a view, with who may read what: the API within its scope, the worker everything. Its keys and indexes come with
 * `indexTable`. @throws the driver's error
 */
export async function createTable(client: PoolClient, { table }: View, name: string): Promise<void> {
  const columns = Object.entries(columnsOf(table)).map(([column, type]) => definition(column, type));
  await client.query(`
    CREATE TABLE ${name} (${columns.join(', ')});
    ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;
    CREATE POLICY reads_scope ON ${name} FOR SELECT TO caretrail_api USING (public.may_see(tenant, patient));
    CREATE POLICY reads_all ON ${name} FOR SELECT TO caretrail_writer USING (true);
    GRANT SELECT ON ${name} TO caretrail_api, caretrail_writer`);
}

/** A table as it stands now: one that takes its name later has another number. */
export interface TableHandle {
  readonly name: string;
  readonly oid: number;
}

/** @throws the driver's error, if there is no such table */
export async function handleOf(client: PoolClient, name: string): Promise<TableHandle> {
  const { rows } = await client.query<{ oid: number }>('SELECT $1::regclass::oid AS oid', [name]);
  return { name, oid: rows[0]?.oid ?? 0 };
}

/** Keeps others from taking the table's place until the end of the transaction. @throws Error when one has taken it already */
export async function holdTable(client: PoolClient, { name, oid }: TableHandle): Promise<void> {
  await client.query(`LOCK TABLE ${name} IN ROW EXCLUSIVE MODE`);
  const now = await handleOf(client, name);
  if (now.oid !== oid) throw new Error(`${name} is not the table any more that was to be filled`);
}

/** Gives a table its key and its indexes. Their names are left to the database: a shadow must not take those of the table it replaces. */
export async function indexTable(client: PoolClient, { table }: View, name: string): Promise<void> {
  const indexes = table.indexes.map((index) => `CREATE INDEX ON ${name} ${index}`);
  await client.query([`ALTER TABLE ${name} ADD PRIMARY KEY (${keyOf(table).join(', ')})`, ...indexes].join(';\n'));
}

const keyOf = ({ key }: TableDeclaration): readonly string[] => ['stream', ...key];

/**
 * Brings the rows of these streams up to date: those that are no longer there go, those that changed are written.
 * @throws the driver's error
 */
export async function writeRows(
  client: PoolClient,
  view: View,
  name: string,
  { streams, rows }: { readonly streams: readonly string[]; readonly rows: readonly StreamRow[] },
): Promise<void> {
  const { table, rowsAre } = view;
  const columns = columnsOf(table);
  const json = JSON.stringify(rows);
  const fresh = `jsonb_to_recordset($1::jsonb) AS fresh (${Object.entries(columns)
    .map(([column, type]) => `${column} ${type}`)
    .join(', ')})`;
  const key = keyOf(table);
  if (rowsAre === 'replaced') {
    const same = key.map((column) => `fresh.${column} = old.${column}`).join(' AND ');
    await client.query(`DELETE FROM ${name} old WHERE stream = ANY ($2) AND NOT EXISTS (SELECT FROM ${fresh} WHERE ${same})`, [
      json,
      streams,
    ]);
  }
  if (rows.length === 0) return;
  const names = Object.keys(columns);
  await client.query(
    `INSERT INTO ${name} AS old (${names.join(', ')}) SELECT ${names.join(', ')} FROM ${fresh}
     ON CONFLICT (${key.join(', ')}) DO UPDATE SET (${names.join(', ')}) = ROW (${names.map((column) => `excluded.${column}`).join(', ')})
     WHERE old.* IS DISTINCT FROM excluded.*`,
    [json],
  );
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (text: string): string =>
  /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (found) => escapes[found] ?? found) : text;

/** Writes a row as one line of COPY's text format. */
export function copyLines({ table }: View): (row: StreamRow) => string {
  const columns = Object.entries(columnsOf(table));
  return (row) => `${columns.map(([column, type]) => copyField(type, row[column])).join('\t')}\n`;
}

function copyField(type: ColumnType, value: unknown): string {
  if (value === undefined || value === null) return '\\N';
  return escaped(type === 'jsonb' ? JSON.stringify(value) : String(value));
}
