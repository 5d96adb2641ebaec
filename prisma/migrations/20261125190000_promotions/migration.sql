-- Promotions: planned changes of gated environments, their plans, and what people said to them.
CREATE TABLE "promotion" (
    "id" TEXT NOT NULL,
    "release" TEXT NOT NULL,
    "application" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "source" TEXT,
    "way" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "plan_digest" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "steps" JSONB NOT NULL,
    "operation" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "promotion_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "promotion_plan" (
    "promotion" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "content" BYTEA NOT NULL,

    CONSTRAINT "promotion_plan_pkey" PRIMARY KEY ("promotion")
);

CREATE TABLE "approval" (
    "promotion" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "plan_digest" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "message" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("promotion","person","plan_digest")
);

CREATE TABLE "gate_override" (
    "promotion" TEXT NOT NULL,
    "gate" TEXT NOT NULL,
    "plan_digest" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gate_override_pkey" PRIMARY KEY ("promotion","gate","plan_digest","person")
);

CREATE INDEX "promotion_state_created_at_idx" ON "promotion"("state", "created_at");
CREATE INDEX "promotion_release_created_at_idx" ON "promotion"("release", "created_at");
