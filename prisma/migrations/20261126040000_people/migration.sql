-- Passwords, what is known of a session, scoped tokens, and how often a password was tried.
ALTER TABLE "person" ADD COLUMN "last_seen_at" TIMESTAMPTZ(3), ADD COLUMN "password" TEXT;

ALTER TABLE "token" ADD COLUMN "environments" JSONB;

ALTER TABLE "sign_in_link" ADD COLUMN "purpose" TEXT NOT NULL DEFAULT 'sign-in';
ALTER TABLE "sign_in_link" ALTER COLUMN "purpose" DROP DEFAULT;

-- Sessions from before have no device to show: whoever has one signs in again.
DELETE FROM "session";
ALTER TABLE "session"
  ADD COLUMN "id" TEXT NOT NULL,
  ADD COLUMN "way" TEXT NOT NULL,
  ADD COLUMN "user_agent" TEXT NOT NULL,
  ADD COLUMN "address" TEXT NOT NULL,
  ADD COLUMN "created_at" TIMESTAMPTZ(3) NOT NULL,
  ADD COLUMN "last_used_at" TIMESTAMPTZ(3) NOT NULL;
CREATE UNIQUE INDEX "session_id_key" ON "session" ("id");
CREATE INDEX "session_person_id_idx" ON "session" ("person_id");

CREATE TABLE "sign_in_throttle" (
  "key" TEXT NOT NULL,
  "failures" INTEGER NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "sign_in_throttle_pkey" PRIMARY KEY ("key")
);
