/** Who may do what. The owner of the tables is held by no policy; the API's role sees what its settings name, and nothing without them. */
export const rights = `
CREATE FUNCTION may_see(row_tenant text, row_patient text) RETURNS boolean LANGUAGE sql STABLE
RETURN current_setting('caretrail.tenant', true) <> ''
  AND (row_tenant = '' OR current_setting('caretrail.tenant', true) IN ('*', row_tenant))
  AND (current_setting('caretrail.patients', true) = '*'
    OR row_patient = ANY (string_to_array(current_setting('caretrail.patients', true), ',')));

ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads_all ON events FOR SELECT TO caretrail_writer, caretrail_projector USING (true);
CREATE POLICY reads_scope ON events FOR SELECT TO caretrail_api USING (may_see(tenant, patient));

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append, close_stream, receive, real_now, journey_now TO caretrail_writer;
GRANT EXECUTE ON FUNCTION real_now, journey_now TO caretrail_projector, caretrail_api;
GRANT EXECUTE ON FUNCTION may_see TO caretrail_projector, caretrail_api;

GRANT SELECT ON events, head, closed_streams, inbox TO caretrail_writer;
GRANT SELECT, INSERT, UPDATE ON journey_clock, attempts, checkpoints, vault_keys TO caretrail_writer;
GRANT SELECT, INSERT ON inbox_parked, vault_texts TO caretrail_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO caretrail_writer;

GRANT SELECT ON events, head, closed_streams, journey_clock TO caretrail_projector;
GRANT SELECT, INSERT, UPDATE ON checkpoints TO caretrail_projector;
GRANT SELECT ON events, head, checkpoints, journey_clock TO caretrail_api;

CREATE SCHEMA views;
GRANT USAGE, CREATE ON SCHEMA views TO caretrail_projector;
GRANT USAGE ON SCHEMA views TO caretrail_api, caretrail_writer;
`;
