/** How far each view has come. The projector makes the views themselves; this table tells everybody about them. */
export const views = `
CREATE TABLE views.status (
  view text PRIMARY KEY,
  -- Of the fold and the rows: a table that another version has filled is built anew.
  version integer NOT NULL,
  -- Counts the tables that have stood under this name; whoever wrote to an earlier one is fenced off by it.
  generation bigint NOT NULL DEFAULT 1,
  position bigint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'stopped')),
  stopped_at bigint,
  reason text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((state = 'stopped') = (stopped_at IS NOT NULL AND reason IS NOT NULL))
);
GRANT SELECT, INSERT, UPDATE ON views.status TO caretrail_projector;
GRANT SELECT ON views.status TO caretrail_api, caretrail_writer;
`;
