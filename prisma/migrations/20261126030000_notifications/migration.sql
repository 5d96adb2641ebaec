-- What people said of an incident, and who is told of it where.
ALTER TABLE "alert" ADD COLUMN "application" TEXT;
ALTER TABLE "alert" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "alert" ADD COLUMN "acknowledged_at" TIMESTAMPTZ(3);

CREATE TABLE "silence" (
  "id" TEXT NOT NULL,
  "kind" TEXT,
  "environment" TEXT,
  "application" TEXT,
  "release" TEXT,
  "reason" TEXT NOT NULL,
  "until" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "created_by" TEXT NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "ended_by" TEXT,
  CONSTRAINT "silence_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "silence_until_idx" ON "silence" ("until");

-- Only the worker can open the texts in `sealed`.
CREATE TABLE "notify_channel" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "host" TEXT NOT NULL,
  "config" JSONB NOT NULL,
  "sealed" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "created_by" TEXT NOT NULL,
  "failures" INTEGER NOT NULL DEFAULT 0,
  "retry_at" TIMESTAMPTZ(3),
  "problem" TEXT,
  CONSTRAINT "notify_channel_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "notify_channel_name_key" ON "notify_channel" ("name");

CREATE TABLE "notify_rule" (
  "id" TEXT NOT NULL,
  "channel" TEXT NOT NULL,
  "kinds" TEXT[],
  "severities" TEXT[],
  "environments" TEXT[],
  "applications" TEXT[],
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "created_by" TEXT NOT NULL,
  CONSTRAINT "notify_rule_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "notify_rule_channel_idx" ON "notify_rule" ("channel");

-- What each channel was last told of each incident.
CREATE TABLE "notification" (
  "alert" TEXT NOT NULL,
  "channel" TEXT NOT NULL,
  "told_state" TEXT,
  "told_version" INTEGER,
  "handle" JSONB,
  CONSTRAINT "notification_pkey" PRIMARY KEY ("alert", "channel")
);
CREATE INDEX "notification_channel_idx" ON "notification" ("channel");

-- Every attempt to tell, for people to read.
CREATE TABLE "delivery" (
  "id" TEXT NOT NULL,
  "channel" TEXT NOT NULL,
  "alert" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "what" TEXT NOT NULL,
  "outcome" TEXT NOT NULL,
  "reason" TEXT,
  "took_ms" INTEGER,
  CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "delivery_at_id_idx" ON "delivery" ("at", "id");
CREATE INDEX "delivery_channel_at_idx" ON "delivery" ("channel", "at");
