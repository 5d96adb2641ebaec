-- What scans found out about tags, so that what was known at any time can be told again.
CREATE TABLE "scan" (
    "seq" BIGSERIAL NOT NULL,
    "repository" TEXT NOT NULL,
    "begun_at" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "commit" TEXT,
    "tags" JSONB NOT NULL,

    CONSTRAINT "scan_pkey" PRIMARY KEY ("seq")
);

CREATE INDEX "scan_repository_seq_idx" ON "scan"("repository", "seq");

-- What is known already stands for all scans before.
INSERT INTO "scan" ("repository", "begun_at", "at", "tags")
SELECT repository."name", now(), now(), jsonb_object_agg(tag."name", jsonb_build_object(
    'created', CASE
        WHEN NOT tag."created_read" THEN '"unread"'::jsonb
        WHEN tag."created" IS NULL THEN 'null'::jsonb
        ELSE to_jsonb(round(extract(epoch FROM tag."created") * 1000)::bigint)
    END,
    'digest', tag."digest",
    'vanished', tag."vanished_at" IS NOT NULL
))
FROM "tag" AS tag JOIN "image_repository" AS repository ON repository."id" = tag."repository_id"
GROUP BY repository."name";
