-- How a file was verified, and where it was gone on with; what a cut try has left at the target for the next one.
ALTER TABLE "attempt" ADD COLUMN "verification_algorithm" TEXT;
ALTER TABLE "attempt" ADD COLUMN "resumed_from_bytes" BIGINT;
ALTER TABLE "attempt" ADD COLUMN "confirmation_lost" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "transfer_file" ADD COLUMN "verification_algorithm" TEXT;
ALTER TABLE "transfer_file" ADD COLUMN "partial" JSONB;

-- What may lie at a target under names of ours is looked for at every run, and is nearly always nothing.
CREATE INDEX "transfer_file_left_idx" ON "transfer_file" ("transfer_id")
  WHERE "temporary_path" IS NOT NULL OR "partial" IS NOT NULL;
