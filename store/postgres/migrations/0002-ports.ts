/** What the other ports of the store keep beside the log. */
export const ports = `
CREATE TABLE journey_clock (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  anchor bigint NOT NULL,
  real_anchor bigint NOT NULL,
  scale double precision NOT NULL CHECK (scale >= 0)
);

CREATE FUNCTION real_now() RETURNS bigint LANGUAGE sql VOLATILE
RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;

CREATE FUNCTION journey_now() RETURNS bigint LANGUAGE sql VOLATILE
RETURN coalesce((SELECT anchor + floor((real_now() - real_anchor) * scale)::bigint FROM journey_clock), real_now());

CREATE TABLE attempts (
  effect_id text NOT NULL,
  attempt integer NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now(),
  outcome text CHECK (outcome IN ('succeeded', 'refused', 'failed', 'unknown')),
  result json,
  PRIMARY KEY (effect_id, attempt)
);

CREATE TABLE inbox_head (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), position bigint NOT NULL);
INSERT INTO inbox_head (position) VALUES (0);

CREATE TABLE inbox (
  position bigint PRIMARY KEY,
  source text NOT NULL,
  external_id text NOT NULL,
  body json NOT NULL,
  received_at bigint NOT NULL,
  UNIQUE (source, external_id)
);

CREATE TABLE inbox_parked (
  position bigint PRIMARY KEY REFERENCES inbox,
  reason text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION receive(from_source text, id text, content json, at bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE taken bigint;
BEGIN
  SELECT position INTO STRICT taken FROM public.inbox_head FOR UPDATE;
  INSERT INTO public.inbox (position, source, external_id, body, received_at) VALUES (taken + 1, from_source, id, content, at)
  ON CONFLICT (source, external_id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.inbox_head SET position = taken + 1;
  RETURN true;
END $$;

CREATE TABLE checkpoints (reader text PRIMARY KEY, position bigint NOT NULL);

CREATE TABLE idempotency (
  client text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  body_hash text NOT NULL,
  status integer,
  body json,
  claimed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (client, route, key)
);
CREATE INDEX idempotency_by_age ON idempotency (claimed_at);

CREATE TABLE vault_keys (
  subject text PRIMARY KEY,
  key_id uuid NOT NULL,
  wrapped bytea,
  destroyed_at timestamptz
);

CREATE TABLE vault_texts (
  reference uuid PRIMARY KEY,
  subject text NOT NULL REFERENCES vault_keys,
  stream text NOT NULL,
  sealed bytea NOT NULL,
  commitment bytea NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX vault_texts_by_subject ON vault_texts (subject);
`;
