-- Issuers that vouch for people, and who somebody is for them.
CREATE TABLE "sign_in_provider" (
  "id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "issuer" TEXT NOT NULL,
  "client_id" TEXT NOT NULL,
  "sealed" TEXT NOT NULL,
  "rules" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "created_by" TEXT NOT NULL,
  CONSTRAINT "sign_in_provider_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "person"
  ADD COLUMN "roles_from" TEXT REFERENCES "sign_in_provider" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
  ADD COLUMN "teams" JSONB;

CREATE TABLE "identity" (
  "provider_id" TEXT NOT NULL REFERENCES "sign_in_provider" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "subject" TEXT NOT NULL,
  "person_id" TEXT NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "identity_pkey" PRIMARY KEY ("provider_id", "subject")
);
CREATE UNIQUE INDEX "identity_provider_id_person_id_key" ON "identity" ("provider_id", "person_id");
