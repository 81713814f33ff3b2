-- Who may do what in the database. Applied after every migration, by the owner, and safe to apply again.
-- :"app", :"worker" and :"sealer" stand for the names of the three roles that run.
--
--   app     the API and the command line: everything of the business, but the audit log is insert-only and the
--           columns that the database sets itself are out of reach
--   worker  runs transfers: reads what it needs, writes what a run changes; no users, sessions or keys
--   sealer  reads the audit log

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, :"app", :"worker", :"sealer";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, :"app", :"worker", :"sealer";
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM :"app", :"worker", :"sealer";
GRANT USAGE ON SCHEMA public TO :"app", :"worker", :"sealer";

-- Whether the schema is the one of this version.
GRANT SELECT ON "_prisma_migrations" TO :"app", :"worker";

-- The audit log.
GRANT SELECT ON "audit_event" TO :"app", :"worker", :"sealer";
GRANT INSERT ("id", "occurred_at", "action", "outcome", "actor_kind", "actor_id", "actor_name", "origin_ip",
  "request_id", "object_kind", "object_id", "object_name", "partner_id", "details", "salt")
  ON "audit_event" TO :"app", :"worker";
GRANT USAGE ON SEQUENCE "audit_event_seq_seq" TO :"app", :"worker";
GRANT EXECUTE ON FUNCTION "ensure_audit_partitions"(integer) TO :"worker";

-- The API.
GRANT SELECT, INSERT, UPDATE, DELETE ON "user", "session", "setup_token", "api_key", "access_denial",
  "idempotency_key", "partner", "endpoint", "endpoint_certificate", "endpoint_test", "network_allow", "credential",
  "credential_seal", "certificate", "route", "schedule", "setting" TO :"app";
GRANT SELECT, INSERT, UPDATE ON "transfer", "transfer_file", "notification" TO :"app";
GRANT SELECT ON "attempt", "worker" TO :"app";
-- What an exception is for, by whose wish and until when, stays as it was asked for and approved.
GRANT SELECT, INSERT, UPDATE ("approved_by", "approved_at", "self_approved", "ended_by", "ended_at")
  ON "endpoint_exception" TO :"app";

-- The worker.
GRANT SELECT ON "partner", "endpoint_certificate", "endpoint_exception", "network_allow", "credential", "credential_seal",
  "certificate", "setting" TO :"worker";
GRANT SELECT ("id", "email", "name", "role", "disabled_at") ON "user" TO :"worker";
GRANT SELECT ON "endpoint", "route", "schedule" TO :"worker";
GRANT UPDATE ("held_at", "held_reason", "updated_at") ON "endpoint", "route" TO :"worker";
GRANT UPDATE ("held_kind") ON "endpoint" TO :"worker";
GRANT UPDATE ("next_run_at", "last_run_at", "updated_at") ON "schedule" TO :"worker";
GRANT SELECT, UPDATE ON "endpoint_test" TO :"worker";
GRANT SELECT, INSERT, UPDATE ON "transfer", "transfer_file", "attempt", "notification", "worker" TO :"worker";
GRANT DELETE ON "worker" TO :"worker";
