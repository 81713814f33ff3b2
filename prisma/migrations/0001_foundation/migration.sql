-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "role" AS ENUM ('administrator', 'operator', 'auditor');

-- CreateEnum
CREATE TYPE "audit_outcome" AS ENUM ('succeeded', 'failed', 'denied');

-- CreateEnum
CREATE TYPE "actor_kind" AS ENUM ('user', 'api_key', 'system', 'cli', 'anonymous');

-- CreateEnum
CREATE TYPE "endpoint_protocol" AS ENUM ('ftps_explicit', 'ftps_implicit', 'local_folder');

-- CreateEnum
CREATE TYPE "trust_mode" AS ENUM ('system_cas', 'chosen_cas', 'pinned_keys');

-- CreateEnum
CREATE TYPE "tls_version" AS ENUM ('TLSv1.2', 'TLSv1.3');

-- CreateEnum
CREATE TYPE "endpoint_test_state" AS ENUM ('queued', 'running', 'passed', 'failed');

-- CreateEnum
CREATE TYPE "notification_state" AS ENUM ('queued', 'sent', 'failed');

-- CreateEnum
CREATE TYPE "after_action" AS ENUM ('keep', 'delete', 'move');

-- CreateEnum
CREATE TYPE "if_exists" AS ENUM ('replace', 'fail');

-- CreateEnum
CREATE TYPE "transfer_cause" AS ENUM ('manual', 'api', 'schedule', 'resend');

-- CreateEnum
CREATE TYPE "resend_files" AS ENUM ('not_delivered', 'all');

-- CreateEnum
CREATE TYPE "transfer_state" AS ENUM ('queued', 'running', 'waiting', 'held', 'succeeded', 'partial', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "transfer_file_state" AS ENUM ('planned', 'moving', 'delivered', 'failed', 'skipped', 'uncertain');

-- CreateEnum
CREATE TYPE "attempt_outcome" AS ENUM ('delivered', 'failed', 'cancelled', 'uncertain');

-- CreateEnum
CREATE TYPE "certificate_kind" AS ENUM ('ca', 'pinned_key');

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "password_hash" TEXT NOT NULL,
    "failed_sign_in_count" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "last_sign_in_at" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "origin_ip" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "setup_token" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "setup_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "prefix" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_denial" (
    "actor_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "permission" TEXT NOT NULL,
    "actor_kind" "actor_kind" NOT NULL,
    "actor_name" TEXT NOT NULL,
    "origin_ip" TEXT,
    "count" INTEGER NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_denial_pkey" PRIMARY KEY ("actor_id","operation")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "actor_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "transfer_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("actor_id","key")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" UUID NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "seq" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "outcome" "audit_outcome" NOT NULL,
    "actor_kind" "actor_kind" NOT NULL,
    "actor_id" UUID,
    "actor_name" TEXT NOT NULL,
    "origin_ip" TEXT,
    "request_id" TEXT,
    "object_kind" TEXT NOT NULL,
    "object_id" TEXT,
    "object_name" TEXT NOT NULL,
    "partner_id" UUID,
    "details" JSONB NOT NULL,
    "salt" BYTEA NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("recorded_at","id")
) PARTITION BY RANGE ("recorded_at");

-- CreateTable
CREATE TABLE "endpoint" (
    "id" UUID NOT NULL,
    "partner_id" UUID,
    "name" TEXT NOT NULL,
    "protocol" "endpoint_protocol" NOT NULL,
    "host" TEXT,
    "port" INTEGER,
    "server_name" TEXT,
    "trust_mode" "trust_mode" NOT NULL DEFAULT 'system_cas',
    "tls_min_version" "tls_version" NOT NULL DEFAULT 'TLSv1.2',
    "credential_id" UUID,
    "root_name" TEXT,
    "base_path" TEXT NOT NULL DEFAULT '/',
    "connect_timeout_ms" INTEGER NOT NULL DEFAULT 20000,
    "idle_timeout_ms" INTEGER NOT NULL DEFAULT 60000,
    "held_at" TIMESTAMPTZ(3),
    "held_reason" TEXT,
    "held_kind" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "endpoint_certificate" (
    "endpoint_id" UUID NOT NULL,
    "certificate_id" UUID NOT NULL,

    CONSTRAINT "endpoint_certificate_pkey" PRIMARY KEY ("endpoint_id","certificate_id")
);

-- CreateTable
CREATE TABLE "endpoint_test" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "state" "endpoint_test_state" NOT NULL DEFAULT 'queued',
    "steps" JSONB NOT NULL DEFAULT '[]',
    "connection" JSONB,
    "dialogue" JSONB NOT NULL DEFAULT '[]',
    "entry_count" INTEGER,
    "failure_kind" TEXT,
    "failure_text" TEXT,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "endpoint_test_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "network_allow" (
    "id" UUID NOT NULL,
    "cidr" TEXT NOT NULL,
    "from_port" INTEGER NOT NULL,
    "to_port" INTEGER NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "network_allow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "transfer_id" UUID,
    "recipients" TEXT[],
    "subject" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" "notification_state" NOT NULL DEFAULT 'queued',
    "try_count" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "setting" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "host_name" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "partner" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "contact_name" TEXT NOT NULL DEFAULT '',
    "contact_email" TEXT NOT NULL DEFAULT '',
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "partner_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "route" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "partner_id" UUID,
    "source_endpoint_id" UUID NOT NULL,
    "source_path" TEXT NOT NULL,
    "file_pattern" TEXT NOT NULL DEFAULT '*',
    "target_endpoint_id" UUID NOT NULL,
    "target_path" TEXT NOT NULL,
    "if_exists" "if_exists" NOT NULL DEFAULT 'replace',
    "after_action" "after_action" NOT NULL DEFAULT 'keep',
    "archive_path" TEXT,
    "max_tries" INTEGER NOT NULL DEFAULT 5,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "held_at" TIMESTAMPTZ(3),
    "held_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "route_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedule" (
    "id" UUID NOT NULL,
    "route_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "next_run_at" TIMESTAMPTZ(3),
    "last_run_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transfer" (
    "id" UUID NOT NULL,
    "route_id" UUID NOT NULL,
    "cause" "transfer_cause" NOT NULL,
    "schedule_id" UUID,
    "due_at" TIMESTAMPTZ(3),
    "resend_of_id" UUID,
    "resend_files" "resend_files",
    "requested_by" TEXT NOT NULL,
    "state" "transfer_state" NOT NULL DEFAULT 'queued',
    "route_snapshot" JSONB NOT NULL,
    "try_count" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "lease_renewed_at" TIMESTAMPTZ(3),
    "try_started_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "file_count" INTEGER NOT NULL DEFAULT 0,
    "delivered_count" INTEGER NOT NULL DEFAULT 0,
    "total_bytes" BIGINT NOT NULL DEFAULT 0,
    "moved_bytes" BIGINT NOT NULL DEFAULT 0,
    "failure_kind" TEXT,
    "failure_text" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transfer_file" (
    "id" UUID NOT NULL,
    "transfer_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "source_path" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "target_path" TEXT NOT NULL,
    "temporary_path" TEXT,
    "state" "transfer_file_state" NOT NULL DEFAULT 'planned',
    "skip_reason" TEXT,
    "size_bytes" BIGINT,
    "modified_at" TIMESTAMPTZ(3),
    "moved_bytes" BIGINT NOT NULL DEFAULT 0,
    "sha256" TEXT,
    "verification" TEXT,
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "failure_kind" TEXT,
    "failure_text" TEXT,
    "delivered_at" TIMESTAMPTZ(3),
    "after_action_at" TIMESTAMPTZ(3),

    CONSTRAINT "transfer_file_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "id" UUID NOT NULL,
    "transfer_id" UUID NOT NULL,
    "transfer_file_id" UUID,
    "try_number" INTEGER NOT NULL,
    "worker_id" TEXT NOT NULL,
    "outcome" "attempt_outcome" NOT NULL,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "sha256" TEXT,
    "verification" TEXT,
    "duration_ms" INTEGER,
    "failure_kind" TEXT,
    "failure_text" TEXT,
    "failure_step" TEXT,
    "timeline" JSONB NOT NULL DEFAULT '[]',
    "connections" JSONB NOT NULL DEFAULT '[]',
    "dialogue" JSONB NOT NULL DEFAULT '[]',
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "id" UUID NOT NULL,
    "partner_id" UUID,
    "name" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "rotated_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential_seal" (
    "id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "binding_hash" BYTEA NOT NULL,
    "binding" JSONB NOT NULL,
    "sealed" BYTEA NOT NULL,
    "vault_key_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_seal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "certificate" (
    "id" UUID NOT NULL,
    "partner_id" UUID,
    "name" TEXT NOT NULL,
    "kind" "certificate_kind" NOT NULL,
    "pem" TEXT,
    "subject" TEXT,
    "issuer" TEXT,
    "serial_number" TEXT,
    "not_before" TIMESTAMPTZ(3),
    "not_after" TIMESTAMPTZ(3),
    "fingerprint_sha256" TEXT,
    "spki_sha256" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "certificate_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "setup_token_token_hash_key" ON "setup_token"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_key_hash_key" ON "api_key"("key_hash");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE INDEX "audit_event_recorded_at_seq_idx" ON "audit_event"("recorded_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_object_kind_object_id_idx" ON "audit_event"("object_kind", "object_id");

-- CreateIndex
CREATE INDEX "audit_event_actor_id_idx" ON "audit_event"("actor_id");

-- CreateIndex
CREATE INDEX "audit_event_action_idx" ON "audit_event"("action");

-- CreateIndex
CREATE INDEX "audit_event_outcome_recorded_at_seq_idx" ON "audit_event"("outcome", "recorded_at" DESC, "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_partner_id_idx" ON "audit_event"("partner_id");

-- CreateIndex
CREATE UNIQUE INDEX "endpoint_name_key" ON "endpoint"("name");

-- CreateIndex
CREATE INDEX "endpoint_partner_id_idx" ON "endpoint"("partner_id");

-- CreateIndex
CREATE INDEX "endpoint_credential_id_idx" ON "endpoint"("credential_id");

-- CreateIndex
CREATE INDEX "endpoint_certificate_certificate_id_idx" ON "endpoint_certificate"("certificate_id");

-- CreateIndex
CREATE INDEX "endpoint_test_endpoint_id_created_at_idx" ON "endpoint_test"("endpoint_id", "created_at");

-- CreateIndex
CREATE INDEX "endpoint_test_state_idx" ON "endpoint_test"("state");

-- CreateIndex
CREATE UNIQUE INDEX "network_allow_cidr_from_port_to_port_key" ON "network_allow"("cidr", "from_port", "to_port");

-- CreateIndex
CREATE INDEX "notification_state_next_try_at_idx" ON "notification"("state", "next_try_at");

-- CreateIndex
CREATE UNIQUE INDEX "partner_name_key" ON "partner"("name");

-- CreateIndex
CREATE UNIQUE INDEX "route_name_key" ON "route"("name");

-- CreateIndex
CREATE INDEX "route_partner_id_idx" ON "route"("partner_id");

-- CreateIndex
CREATE INDEX "route_source_endpoint_id_idx" ON "route"("source_endpoint_id");

-- CreateIndex
CREATE INDEX "route_target_endpoint_id_idx" ON "route"("target_endpoint_id");

-- CreateIndex
CREATE INDEX "schedule_enabled_next_run_at_idx" ON "schedule"("enabled", "next_run_at");

-- CreateIndex
CREATE UNIQUE INDEX "schedule_route_id_name_key" ON "schedule"("route_id", "name");

-- CreateIndex
CREATE INDEX "transfer_created_at_id_idx" ON "transfer"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "transfer_state_created_at_idx" ON "transfer"("state", "created_at" DESC);

-- CreateIndex
CREATE INDEX "transfer_route_id_created_at_idx" ON "transfer"("route_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "transfer_cause_created_at_idx" ON "transfer"("cause", "created_at" DESC);

-- CreateIndex
CREATE INDEX "transfer_resend_of_id_idx" ON "transfer"("resend_of_id");

-- CreateIndex
CREATE UNIQUE INDEX "transfer_schedule_id_due_at_key" ON "transfer"("schedule_id", "due_at");

-- CreateIndex
CREATE INDEX "transfer_file_name_idx" ON "transfer_file"("name" text_pattern_ops);

-- CreateIndex
CREATE UNIQUE INDEX "transfer_file_transfer_id_position_key" ON "transfer_file"("transfer_id", "position");

-- CreateIndex
CREATE INDEX "attempt_transfer_id_started_at_idx" ON "attempt"("transfer_id", "started_at");

-- CreateIndex
CREATE INDEX "attempt_transfer_file_id_idx" ON "attempt"("transfer_file_id");

-- CreateIndex
CREATE UNIQUE INDEX "credential_name_key" ON "credential"("name");

-- CreateIndex
CREATE INDEX "credential_partner_id_idx" ON "credential"("partner_id");

-- CreateIndex
CREATE UNIQUE INDEX "credential_seal_credential_id_binding_hash_key" ON "credential_seal"("credential_id", "binding_hash");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_name_key" ON "certificate"("name");

-- CreateIndex
CREATE INDEX "certificate_partner_id_idx" ON "certificate"("partner_id");

-- CreateIndex
CREATE INDEX "certificate_not_after_idx" ON "certificate"("not_after");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_kind_spki_sha256_fingerprint_sha256_key" ON "certificate"("kind", "spki_sha256", "fingerprint_sha256");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotency_key" ADD CONSTRAINT "idempotency_key_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_credential_id_fkey" FOREIGN KEY ("credential_id") REFERENCES "credential"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint_certificate" ADD CONSTRAINT "endpoint_certificate_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint_certificate" ADD CONSTRAINT "endpoint_certificate_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "certificate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint_test" ADD CONSTRAINT "endpoint_test_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "route" ADD CONSTRAINT "route_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "route" ADD CONSTRAINT "route_source_endpoint_id_fkey" FOREIGN KEY ("source_endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "route" ADD CONSTRAINT "route_target_endpoint_id_fkey" FOREIGN KEY ("target_endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_route_id_fkey" FOREIGN KEY ("route_id") REFERENCES "route"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_route_id_fkey" FOREIGN KEY ("route_id") REFERENCES "route"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "schedule"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_resend_of_id_fkey" FOREIGN KEY ("resend_of_id") REFERENCES "transfer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer_file" ADD CONSTRAINT "transfer_file_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "transfer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_transfer_file_id_fkey" FOREIGN KEY ("transfer_file_id") REFERENCES "transfer_file"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential_seal" ADD CONSTRAINT "credential_seal_credential_id_fkey" FOREIGN KEY ("credential_id") REFERENCES "credential"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "partner"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the schema language cannot say ---------------------------------------------------------------------------

-- An endpoint is either a server with an address or a folder of ours with a root.
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_shape" CHECK (
  CASE WHEN "protocol" = 'local_folder'
    THEN "host" IS NULL AND "port" IS NULL AND "credential_id" IS NULL AND "root_name" IS NOT NULL
    ELSE "host" IS NOT NULL AND "port" BETWEEN 1 AND 65535 AND "root_name" IS NULL
  END);
ALTER TABLE "network_allow" ADD CONSTRAINT "network_allow_ports"
  CHECK ("from_port" BETWEEN 1 AND 65535 AND "to_port" BETWEEN "from_port" AND 65535);
ALTER TABLE "route" ADD CONSTRAINT "route_archive_path"
  CHECK (("after_action" = 'move') = ("archive_path" IS NOT NULL));
ALTER TABLE "route" ADD CONSTRAINT "route_max_tries" CHECK ("max_tries" BETWEEN 1 AND 100);

-- The lease belongs to a running transfer and to no other.
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_lease"
  CHECK (("state" = 'running') = ("lease_owner" IS NOT NULL AND "lease_until" IS NOT NULL));
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_resend" CHECK (("cause" = 'resend') = ("resend_files" IS NOT NULL));
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_next_try" CHECK (("state" = 'waiting') = ("next_try_at" IS NOT NULL));

-- What the sweeper looks for: small, whatever the size of the history.
CREATE INDEX "transfer_open_idx" ON "transfer" ("state", "next_try_at", "lease_until")
  WHERE "state" IN ('queued', 'running', 'waiting');

-- What a transfer looks for before it plans: few, whatever the size of the history of its route.
CREATE INDEX "transfer_not_succeeded_idx" ON "transfer" ("route_id") WHERE "state" <> 'succeeded';
CREATE INDEX "transfer_file_unsettled_idx" ON "transfer_file" ("transfer_id")
  WHERE "state" IN ('moving', 'uncertain') OR ("state" = 'delivered' AND "after_action_at" IS NULL);

-- What has finished lately and how it ended, for the overview.
CREATE INDEX "transfer_finished_at_idx" ON "transfer" ("finished_at" DESC) WHERE "finished_at" IS NOT NULL;

-- Part of a name, upper or lower case, in a log that only grows. The extension comes with Postgres, and whoever owns
-- the database may add it.
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
CREATE INDEX "audit_event_names_idx" ON "audit_event"
  USING gin ("actor_name" gin_trgm_ops, "object_name" gin_trgm_ops);

-- The audit log: insert-only for everyone who runs, its owner included.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is insert-only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END;
$$;

CREATE TRIGGER "audit_event_insert_only" BEFORE UPDATE OR DELETE ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- Catches what no month has a place for, so that a missing partition never stops business.
CREATE TABLE "audit_event_default" PARTITION OF "audit_event" DEFAULT;
CREATE TRIGGER "audit_event_default_no_truncate" BEFORE TRUNCATE ON "audit_event_default"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- Makes the partitions of this month and of the given number of months ahead, each with its own TRUNCATE
-- trigger (that one is not inherited). Runs as its owner, so that the worker needs no right to make tables.
CREATE FUNCTION "ensure_audit_partitions"("months_ahead" integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  "first_day" date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
  "start_day" date;
  "partition_name" text;
  "made" integer := 0;
BEGIN
  IF "months_ahead" NOT BETWEEN 0 AND 24 THEN
    RAISE EXCEPTION 'months_ahead must be 0 to 24, not %', "months_ahead";
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ensure_audit_partitions'));
  FOR "i" IN 0.."months_ahead" LOOP
    "start_day" := ("first_day" + make_interval(months => "i"))::date;
    "partition_name" := 'audit_event_' || to_char("start_day", 'YYYY_MM');
    -- A month that the default partition has begun stays there: one cannot be made any more, and those after it can.
    CONTINUE WHEN EXISTS (
      SELECT 1 FROM public.audit_event_default
      WHERE "recorded_at" >= ("start_day"::text || ' 00:00:00+00')::timestamptz
        AND "recorded_at" < (("start_day" + interval '1 month')::date::text || ' 00:00:00+00')::timestamptz);
    IF to_regclass('public.' || quote_ident("partition_name")) IS NULL THEN
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_event FOR VALUES FROM (%L) TO (%L)',
        "partition_name",
        "start_day"::text || ' 00:00:00+00',
        ("start_day" + interval '1 month')::date::text || ' 00:00:00+00');
      EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()',
        "partition_name" || '_no_truncate', "partition_name");
      "made" := "made" + 1;
    END IF;
  END LOOP;
  RETURN "made";
END;
$$;
REVOKE ALL ON FUNCTION "ensure_audit_partitions"(integer) FROM PUBLIC;

SELECT "ensure_audit_partitions"(3);
