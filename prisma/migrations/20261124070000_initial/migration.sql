-- CreateTable
CREATE TABLE "release" (
    "id" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "release_name" TEXT NOT NULL,
    "storage_namespace" TEXT NOT NULL,
    "target_namespace" TEXT NOT NULL,
    "application" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "generation" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "desired" BOOLEAN NOT NULL,
    "automated" BOOLEAN NOT NULL,
    "lock" JSONB,
    "chart" JSONB NOT NULL,
    "images" JSONB NOT NULL,
    "phase" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "phase_since" TIMESTAMPTZ(3) NOT NULL,
    "health" TEXT NOT NULL,
    "health_reason" TEXT NOT NULL,
    "health_since" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER,
    "deployed_at" TIMESTAMPTZ(3),
    "problems" JSONB NOT NULL,
    "baseline" JSONB,
    "asked" TEXT,
    "operation" TEXT,
    "version" INTEGER NOT NULL,
    "sort_key" TEXT NOT NULL,

    CONSTRAINT "release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revision" (
    "release" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "chart_name" TEXT NOT NULL,
    "chart_version" TEXT NOT NULL,
    "app_version" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "operation" TEXT,
    "commit" TEXT,
    "cause" TEXT,
    "actor" TEXT,
    "images" JSONB NOT NULL,
    "inputs" TEXT,

    CONSTRAINT "revision_pkey" PRIMARY KEY ("release","revision")
);

-- CreateTable
CREATE TABLE "revision_content" (
    "release" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,

    CONSTRAINT "revision_content_pkey" PRIMARY KEY ("release","revision")
);

-- CreateTable
CREATE TABLE "snapshot" (
    "repository" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "parent" TEXT,
    "author_name" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "committed_at" TIMESTAMPTZ(3) NOT NULL,
    "fetched_at" TIMESTAMPTZ(3) NOT NULL,
    "documents" INTEGER NOT NULL,
    "releases" INTEGER NOT NULL,
    "problems" JSONB NOT NULL,
    "unsupported" JSONB NOT NULL,

    CONSTRAINT "snapshot_pkey" PRIMARY KEY ("repository","commit")
);

-- CreateTable
CREATE TABLE "inventory" (
    "cluster" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "api_version" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "problem" JSONB,
    "applied_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inventory_pkey" PRIMARY KEY ("cluster","object")
);

-- CreateTable
CREATE TABLE "image_repository" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "scanned_at" TIMESTAMPTZ(3),
    "next_scan_at" TIMESTAMPTZ(3) NOT NULL,
    "tag_count" INTEGER NOT NULL DEFAULT 0,
    "etag" TEXT,
    "problem" JSONB,
    "used_by" TEXT[],
    "watched" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "image_repository_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tag" (
    "repository_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "digest" TEXT,
    "created" TIMESTAMPTZ(3),
    "created_read" BOOLEAN NOT NULL DEFAULT false,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "vanished_at" TIMESTAMPTZ(3),
    "moved" JSONB,

    CONSTRAINT "tag_pkey" PRIMARY KEY ("repository_id","name")
);

-- CreateTable
CREATE TABLE "decision" (
    "id" BIGSERIAL NOT NULL,
    "release" TEXT NOT NULL,
    "container" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "policy" TEXT NOT NULL,
    "current" TEXT,
    "kind" TEXT NOT NULL,
    "tag" TEXT,
    "reason" TEXT NOT NULL,
    "operation" TEXT,

    CONSTRAINT "decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operation" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "release" TEXT,
    "actor" TEXT NOT NULL,
    "cause" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "commit" TEXT,
    "revision" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "operation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "id" TEXT NOT NULL,
    "release" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "inputs" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "process" JSONB,
    "intent" TEXT NOT NULL,
    "message" TEXT,
    "revision" INTEGER,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "write_request" (
    "seq" BIGSERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "target_path" TEXT NOT NULL,
    "changes" JSONB NOT NULL,
    "changes_digest" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "actor" JSONB NOT NULL,
    "message" TEXT,
    "expects" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "write_request_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "deletion" (
    "id" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "release" TEXT,
    "environment" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "uid" TEXT,
    "guard" TEXT,
    "state" TEXT NOT NULL,
    "decided_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "deletion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_intake" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "intent" TEXT,
    "entry" JSONB NOT NULL,

    CONSTRAINT "audit_intake_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "environment" TEXT,
    "release" TEXT,
    "operation" TEXT,
    "commit" TEXT,
    "revision" INTEGER,
    "reason" TEXT,
    "intent" TEXT,
    "data" JSONB NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "command" (
    "seq" BIGSERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "actor" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "state" JSONB NOT NULL,

    CONSTRAINT "command_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "position" BIGINT,
    "topic" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_head" (
    "id" INTEGER NOT NULL,
    "position" BIGINT NOT NULL,

    CONSTRAINT "outbox_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lease" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "person" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "roles" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "token" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_link" (
    "secret_hash" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_link_pkey" PRIMARY KEY ("secret_hash")
);

-- CreateTable
CREATE TABLE "session" (
    "secret_hash" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("secret_hash")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "release" TEXT,
    "environment" TEXT,
    "title" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "next_step" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "recovered_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "environment_mode" (
    "environment" TEXT NOT NULL,
    "mode" TEXT NOT NULL,

    CONSTRAINT "environment_mode_pkey" PRIMARY KEY ("environment")
);

-- CreateTable
CREATE TABLE "fact" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,

    CONSTRAINT "fact_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "release_sort_key_idx" ON "release"("sort_key");

-- CreateIndex
CREATE INDEX "release_environment_sort_key_idx" ON "release"("environment", "sort_key");

-- CreateIndex
CREATE INDEX "release_application_sort_key_idx" ON "release"("application", "sort_key");

-- CreateIndex
CREATE INDEX "release_cluster_sort_key_idx" ON "release"("cluster", "sort_key");

-- CreateIndex
CREATE INDEX "snapshot_repository_fetched_at_idx" ON "snapshot"("repository", "fetched_at");

-- CreateIndex
CREATE UNIQUE INDEX "image_repository_name_key" ON "image_repository"("name");

-- CreateIndex
CREATE INDEX "decision_release_id_idx" ON "decision"("release", "id");

-- CreateIndex
CREATE INDEX "operation_created_at_id_idx" ON "operation"("created_at", "id");

-- CreateIndex
CREATE INDEX "operation_release_created_at_id_idx" ON "operation"("release", "created_at", "id");

-- CreateIndex
CREATE INDEX "operation_state_created_at_id_idx" ON "operation"("state", "created_at", "id");

-- CreateIndex
CREATE INDEX "attempt_release_started_at_id_idx" ON "attempt"("release", "started_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "write_request_id_key" ON "write_request"("id");

-- CreateIndex
CREATE UNIQUE INDEX "write_request_target_id_target_path_changes_digest_key" ON "write_request"("target_id", "target_path", "changes_digest");

-- CreateIndex
CREATE INDEX "deletion_state_created_at_idx" ON "deletion"("state", "created_at");

-- CreateIndex
CREATE INDEX "audit_event_at_seq_idx" ON "audit_event"("at", "seq");

-- CreateIndex
CREATE INDEX "audit_event_actor_at_seq_idx" ON "audit_event"("actor", "at", "seq");

-- CreateIndex
CREATE INDEX "audit_event_environment_at_seq_idx" ON "audit_event"("environment", "at", "seq");

-- CreateIndex
CREATE INDEX "audit_event_kind_at_seq_idx" ON "audit_event"("kind", "at", "seq");

-- CreateIndex
CREATE INDEX "audit_event_release_at_seq_idx" ON "audit_event"("release", "at", "seq");

-- CreateIndex
CREATE INDEX "audit_event_operation_idx" ON "audit_event"("operation");

-- CreateIndex
CREATE INDEX "audit_event_commit_idx" ON "audit_event"("commit");

-- CreateIndex
CREATE UNIQUE INDEX "command_id_key" ON "command"("id");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_position_key" ON "outbox"("position");

-- CreateIndex
CREATE UNIQUE INDEX "person_email_key" ON "person"("email");

-- CreateIndex
CREATE UNIQUE INDEX "token_secret_hash_key" ON "token"("secret_hash");

-- CreateIndex
CREATE INDEX "alert_opened_at_id_idx" ON "alert"("opened_at", "id");

-- AddForeignKey
ALTER TABLE "token" ADD CONSTRAINT "token_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sign_in_link" ADD CONSTRAINT "sign_in_link_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows cannot be said in schema.prisma; prisma/README.md explains it.

-- The order of pages must not depend on the database's locale.
ALTER TABLE "release" ALTER COLUMN "sort_key" TYPE TEXT COLLATE "C";

-- Compressed already.
ALTER TABLE "revision_content" ALTER COLUMN "content" SET STORAGE EXTERNAL;

-- Partial indexes.
CREATE INDEX "attempt_running_idx" ON "attempt"("started_at") WHERE "state" = 'running';
CREATE INDEX "command_queued_idx" ON "command"("seq") WHERE "state"->>'kind' = 'queued';
CREATE INDEX "outbox_waiting_idx" ON "outbox"("id") WHERE "position" IS NULL;
CREATE UNIQUE INDEX "alert_open_key" ON "alert"("key") WHERE "recovered_at" IS NULL;

-- One intent has one outcome.
CREATE UNIQUE INDEX "audit_intake_outcome_key" ON "audit_intake"("intent")
    WHERE "intent" IS NOT NULL AND "kind" NOT LIKE '%.intent';
CREATE UNIQUE INDEX "audit_event_outcome_key" ON "audit_event"("intent")
    WHERE "intent" IS NOT NULL AND "kind" NOT LIKE '%.intent';
CREATE INDEX "audit_event_intent_idx" ON "audit_event"("intent")
    WHERE "intent" IS NOT NULL AND "kind" LIKE '%.intent';

INSERT INTO "outbox_head" ("id", "position") VALUES (1, 0);

-- The audit trail only grows, whoever asks: triggers hold for the owner of the table too.
CREATE FUNCTION "audit_event_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "audit_event_no_change" BEFORE UPDATE OR DELETE ON "audit_event"
    FOR EACH ROW EXECUTE FUNCTION "audit_event_is_append_only"();
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "audit_event_is_append_only"();

-- A row that somebody has to take up wakes them, whatever code wrote it.
CREATE FUNCTION "wheelhouse_wake"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('wheelhouse_wake', json_build_object('wakes', json_build_array(json_build_array(TG_ARGV[0], '')))::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER "outbox_wake" AFTER INSERT ON "outbox"
    FOR EACH STATEMENT EXECUTE FUNCTION "wheelhouse_wake"('outbox');
CREATE TRIGGER "audit_intake_wake" AFTER INSERT ON "audit_intake"
    FOR EACH STATEMENT EXECUTE FUNCTION "wheelhouse_wake"('outbox');
CREATE TRIGGER "command_wake" AFTER INSERT ON "command"
    FOR EACH STATEMENT EXECUTE FUNCTION "wheelhouse_wake"('command');
CREATE TRIGGER "write_request_wake" AFTER INSERT ON "write_request"
    FOR EACH STATEMENT EXECUTE FUNCTION "wheelhouse_wake"('write');
