/** The log: every event in one order, the row that gives the order out, and which streams are closed. */
export const events = `
CREATE TABLE events (
  position bigint PRIMARY KEY,
  stream text COLLATE "C" NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  event_id uuid NOT NULL UNIQUE,
  type text COLLATE "C" NOT NULL,
  schema_version integer NOT NULL,
  entity_id text NOT NULL,
  occurred_at bigint NOT NULL,
  recorded_at bigint NOT NULL,
  zone text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_role text NOT NULL,
  actor_on_behalf_of text,
  command_id text NOT NULL,
  command_type text NOT NULL,
  causation_id text NOT NULL,
  correlation_id text NOT NULL,
  workflow_id text NOT NULL,
  run_id text NOT NULL,
  template_version text NOT NULL,
  source text NOT NULL,
  tenant text NOT NULL,
  patient text NOT NULL,
  refusal_code text,
  data jsonb NOT NULL,
  UNIQUE (stream, version)
);
CREATE INDEX events_by_type ON events (type, position);

CREATE TABLE head (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), position bigint NOT NULL);
INSERT INTO head (position) VALUES (0);

CREATE TABLE closed_streams (stream text COLLATE "C" PRIMARY KEY, closed_at timestamptz NOT NULL DEFAULT now());
`;

/** Takes every append of a flush that its stream allows, all in one statement. */
export const append = `
CREATE FUNCTION append(
  -- per append; expectation: a version, -1 for any, -2 for "has events"; earlier: the append before it to the same stream, or 0
  streams text[], expectations bigint[], sizes integer[], earlier integer[],
  -- per event; append: the number of the append that it belongs to
  appends integer[], event_ids uuid[], types text[], schema_versions integer[], entity_ids text[], occurred_ats bigint[],
  recorded_ats bigint[], zones text[], actor_kinds text[], actor_ids text[], actor_roles text[], actor_on_behalf_ofs text[],
  command_ids text[], command_types text[], causation_ids text[], correlation_ids text[], workflow_ids text[], run_ids text[],
  template_versions text[], sources text[], tenants text[], patients text[], refusal_codes text[], datas jsonb[]
) RETURNS TABLE (outcome text, version bigint, "position" bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- A plan made while the table was small would be kept after it has grown.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
-- Nor is one made anew for every flush: how many events there are changes nothing about it.
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  head_position bigint;
  started bigint[]; closed boolean[]; standing bigint; reached bigint[] := '{}';
  known record; known_count bigint[] := '{}'; known_version bigint[] := '{}'; known_position bigint[] := '{}';
  before_event integer := 0; version_base bigint[] := '{}'; position_base bigint[] := '{}';
BEGIN
  SELECT h.position INTO STRICT head_position FROM public.head h FOR UPDATE;

  SELECT array_agg(coalesce(e.version, 0) ORDER BY a.n), array_agg(c.stream IS NOT NULL ORDER BY a.n) INTO started, closed
  FROM unnest(streams) WITH ORDINALITY a(stream, n)
  LEFT JOIN LATERAL (SELECT l.version FROM public.events l WHERE l.stream = a.stream ORDER BY l.version DESC LIMIT 1) e ON true
  LEFT JOIN public.closed_streams c ON c.stream = a.stream;

  -- Whoever finds the very version that he expects repeats nothing: what he repeated would stand behind that version.
  IF expectations <> started OR true = ANY (closed) THEN
    FOR known IN
      SELECT i.append, count(*) AS total, max(e.version) AS version, max(e.position) AS position
      FROM unnest(event_ids, appends) i(event_id, append)
      JOIN public.events e ON e.event_id = i.event_id AND e.stream = streams[i.append]
      WHERE expectations[i.append] <> started[i.append] OR closed[i.append] GROUP BY i.append
    LOOP
      known_count[known.append] := known.total;
      known_version[known.append] := known.version;
      known_position[known.append] := known.position;
    END LOOP;
  END IF;

  FOR i IN 1 .. cardinality(streams) LOOP
    standing := CASE WHEN earlier[i] > 0 THEN reached[earlier[i]] ELSE started[i] END;
    reached[i] := standing;
    IF known_count[i] = sizes[i] THEN
      outcome := 'duplicate'; version := known_version[i]; position := known_position[i];
    ELSIF closed[i] THEN
      outcome := 'closed'; version := standing; position := 0;
    ELSIF NOT (expectations[i] IN (-1, standing) OR (expectations[i] = -2 AND standing > 0)) THEN
      outcome := 'conflict'; version := standing; position := 0;
    ELSE
      version_base[i] := standing - before_event; position_base[i] := head_position - before_event;
      reached[i] := standing + sizes[i]; head_position := head_position + sizes[i];
      outcome := 'appended'; version := reached[i]; position := head_position;
    END IF;
    before_event := before_event + sizes[i];
    RETURN NEXT;
  END LOOP;

  -- By number and not by unnest, which makes a table in memory of each of the columns.
  INSERT INTO public.events
  SELECT position_base[appends[n]] + n, streams[appends[n]], version_base[appends[n]] + n, event_ids[n], types[n], schema_versions[n],
    entity_ids[n], occurred_ats[n], recorded_ats[n], zones[n], actor_kinds[n], actor_ids[n], actor_roles[n], actor_on_behalf_ofs[n],
    command_ids[n], command_types[n], causation_ids[n], correlation_ids[n], workflow_ids[n], run_ids[n], template_versions[n],
    sources[n], tenants[n], patients[n], refusal_codes[n], datas[n]
  FROM generate_series(1, cardinality(appends)) n
  WHERE position_base[appends[n]] IS NOT NULL;

  UPDATE public.head SET position = head_position WHERE head.position <> head_position;
END $$;

CREATE FUNCTION close_stream(name text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  -- The lock of every append: no append that began before can commit after.
  SELECT position FROM public.head FOR UPDATE;
  INSERT INTO public.closed_streams (stream) VALUES (name) ON CONFLICT DO NOTHING;
END;
`;
