-- Where others tell that something happened, and what they told.
CREATE TABLE "webhook" (
  "id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "secret" TEXT NOT NULL,
  "previous" TEXT,
  "previous_until" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "created_by" TEXT NOT NULL,
  "refused" INTEGER NOT NULL,
  "refused_at" TIMESTAMPTZ(3),
  CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "webhook_delivery" (
  "id" TEXT NOT NULL,
  "webhook" TEXT NOT NULL,
  "delivery" TEXT,
  "event" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "verdict" JSONB NOT NULL,
  "told" JSONB,
  "commit" TEXT,
  "size" INTEGER NOT NULL,
  "duration_ms" INTEGER NOT NULL,
  "headers" JSONB NOT NULL,
  "payload" BYTEA,
  "repeats" INTEGER NOT NULL,
  "replay_of" TEXT,
  "replayed_by" TEXT,
  CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "webhook_delivery_webhook_fkey" FOREIGN KEY ("webhook") REFERENCES "webhook" ("id") ON DELETE CASCADE
);

CREATE UNIQUE INDEX "webhook_delivery_webhook_delivery_key" ON "webhook_delivery" ("webhook", "delivery");
CREATE INDEX "webhook_delivery_webhook_id_idx" ON "webhook_delivery" ("webhook", "id");
CREATE INDEX "webhook_delivery_commit_idx" ON "webhook_delivery" ("commit");
