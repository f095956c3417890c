import type { Actor } from '../../domain/kernel/actor.ts';
import type { EventContent, EventFilter, LogSpan, StoredEvent } from '../event-store.ts';
import type { Database } from './pool.ts';

type ContentRow = Omit<EventContent, 'actor' | 'refusalCode'> & {
  readonly actorKind: Actor['kind'];
  readonly actorId: string;
  readonly actorRole: Actor['role'];
  readonly actorOnBehalfOf: string | null;
  readonly refusalCode: string | null;
};

type Row = ContentRow & Omit<StoredEvent, keyof EventContent>;

const contentColumns = `stream, version, position, event_id AS id, type, entity_id AS "entityId", occurred_at AS "occurredAt",
  recorded_at AS "recordedAt", zone, actor_kind AS "actorKind", actor_id AS "actorId", actor_role AS "actorRole",
  actor_on_behalf_of AS "actorOnBehalfOf", command_id AS "commandId", command_type AS "commandType", template_version AS "templateVersion",
  tenant, patient, refusal_code AS "refusalCode", data`;

const columns = `${contentColumns}, schema_version AS "schemaVersion", causation_id AS "causationId",
  correlation_id AS "correlationId", workflow_id AS "workflowId", run_id AS "runId", source`;

/** Field by field: taking a row apart with a rest pattern would cost a third of what reading it costs. */
function toContent(row: ContentRow): EventContent {
  const { actorOnBehalfOf, refusalCode } = row;
  return {
    stream: row.stream,
    version: row.version,
    position: row.position,
    id: row.id,
    type: row.type,
    entityId: row.entityId,
    occurredAt: row.occurredAt,
    recordedAt: row.recordedAt,
    zone: row.zone,
    actor: { kind: row.actorKind, id: row.actorId, role: row.actorRole, ...(actorOnBehalfOf !== null && { onBehalfOf: actorOnBehalfOf }) },
    commandId: row.commandId,
    commandType: row.commandType,
    templateVersion: row.templateVersion,
    tenant: row.tenant,
    patient: row.patient,
    ...(refusalCode !== null && { refusalCode }),
    data: row.data,
  };
}

const toEvent = (row: Row): StoredEvent => ({
  ...toContent(row),
  schemaVersion: row.schemaVersion,
  causationId: row.causationId,
  correlationId: row.correlationId,
  workflowId: row.workflowId,
  runId: row.runId,
  source: row.source,
});

/** The next events of a stream from this version on, that one included; at most `limit`. @throws the driver's error */
export async function streamPage(
  database: Database,
  stream: string,
  from: number,
  backwards: boolean,
  limit: number,
): Promise<StoredEvent[]> {
  const [compare, order] = backwards ? ['<=', 'DESC'] : ['>=', 'ASC'];
  const text = `SELECT ${columns} FROM events WHERE stream = $1 AND version ${compare} $2 ORDER BY version ${order} LIMIT $3`;
  const { rows } = await database.query<Row>({ name: `stream-${order}`, text, values: [stream, from, limit] });
  return rows.map(toEvent);
}

/** What is asked of the log: positions after `after`, up to and with `upTo`. */
export interface LogQuery {
  readonly after: number;
  readonly upTo: number;
  readonly filter?: EventFilter | undefined;
}

/** The next events of the log, at most `limit`. @throws the driver's error */
export async function logPage(database: Database, { after, upTo, filter }: LogQuery, limit: number): Promise<StoredEvent[]> {
  const values: unknown[] = [after, upTo, limit];
  const conditions = ['position > $1', 'position <= $2'];
  if (filter?.types) conditions.push(`type = ANY ($${values.push(filter.types)}::text[])`);
  if (filter?.streamPrefixes) conditions.push(`stream ^@ ANY ($${values.push(filter.streamPrefixes)}::text[])`);
  const text = `SELECT ${columns} FROM events WHERE ${conditions.join(' AND ')} ORDER BY position LIMIT $3`;
  // With a filter the best plan depends on what is asked for: it is made anew each time.
  const { rows } = await database.query<Row>(filter ? { text, values } : { name: 'log', text, values });
  return rows.map(toEvent);
}

/** The part of $3 parts that a stream falls into; the mask keeps the hash from being negative. */
const shareOf = '(hashtext(stream) & 2147483647) % $3::integer';

/** What is said in a stretch of the log, by all streams or by those of a share. @throws the driver's error */
export async function logSpan(database: Database, { after, upTo, share }: LogSpan): Promise<EventContent[]> {
  const span = `SELECT ${contentColumns} FROM events WHERE position > $1 AND position <= $2`;
  const query = share
    ? { name: 'share', text: `${span} AND ${shareOf} = $4 ORDER BY position`, values: [after, upTo, share.of, share.nth] }
    : { name: 'span', text: `${span} ORDER BY position`, values: [after, upTo] };
  const { rows } = await database.query<ContentRow>(query);
  return rows.map(toContent);
}

/** Position of the newest event that is committed. All up to it are too. @throws the driver's error */
export async function headPosition(database: Database): Promise<number> {
  const { rows } = await database.query<{ position: number }>({ name: 'head', text: 'SELECT position FROM head' });
  return rows[0]?.position ?? 0;
}

/** How many events up to a position are visible. @throws the driver's error */
export async function eventsUpTo(database: Database, position: number): Promise<number> {
  const { rows } = await database.query<{ count: number }>('SELECT count(*) AS count FROM events WHERE position <= $1', [position]);
  return rows[0]?.count ?? 0;
}
