-- How Waybill speaks with a server, field by field; and servers that encrypt after a clear greeting, or not at all.

ALTER TYPE "endpoint_protocol" ADD VALUE 'ftps_implicit_zos' BEFORE 'local_folder';
ALTER TYPE "endpoint_protocol" ADD VALUE 'ftp' BEFORE 'local_folder';

ALTER TABLE "endpoint" ADD COLUMN "settings" JSONB NOT NULL DEFAULT '{}';
