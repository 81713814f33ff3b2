-- Which later transfer has made a failure good.
ALTER TABLE "transfer" ADD COLUMN "settled_by_id" UUID;
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_settled_by_id_fkey"
  FOREIGN KEY ("settled_by_id") REFERENCES "transfer"("id") ON DELETE SET NULL ON UPDATE CASCADE;
