-- Exceptions for what weakens protection or proof; certificates of ours with their sealed keys; logins of proxies.

CREATE TABLE "endpoint_exception" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "deviations" TEXT[],
    "justification" TEXT NOT NULL,
    "requested_by_id" UUID NOT NULL,
    "requested_by" TEXT NOT NULL,
    "approved_by" TEXT,
    "approved_at" TIMESTAMPTZ(3),
    "self_approved" BOOLEAN NOT NULL DEFAULT false,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "endpoint_exception_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "endpoint_exception_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id")
      ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "endpoint_exception_endpoint_id_created_at_idx" ON "endpoint_exception"("endpoint_id", "created_at");

ALTER TYPE "certificate_kind" ADD VALUE 'client';
ALTER TABLE "certificate"
  ADD COLUMN "chain_pem" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "sealed_key" BYTEA,
  ADD COLUMN "vault_key_id" TEXT;

ALTER TABLE "endpoint" ADD COLUMN "client_certificate_id" UUID, ADD COLUMN "proxy_credential_id" UUID;
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_client_certificate_id_fkey"
  FOREIGN KEY ("client_certificate_id") REFERENCES "certificate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_proxy_credential_id_fkey"
  FOREIGN KEY ("proxy_credential_id") REFERENCES "credential"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX "endpoint_client_certificate_id_idx" ON "endpoint"("client_certificate_id");
CREATE INDEX "endpoint_proxy_credential_id_idx" ON "endpoint"("proxy_credential_id");
