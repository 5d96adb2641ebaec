-- What proves the worker at Git hosts by SSH, and the hosts to it; only the worker can open `sealed`.
CREATE TABLE "deploy_key" (
  "id" TEXT NOT NULL,
  "public_key" TEXT NOT NULL,
  "fingerprint" TEXT NOT NULL,
  "sealed" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "created_by" TEXT NOT NULL,
  "authenticated_at" TIMESTAMPTZ(3),
  CONSTRAINT "deploy_key_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "host_key" (
  "id" TEXT NOT NULL,
  "host" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "fingerprint" TEXT NOT NULL,
  "pinned_at" TIMESTAMPTZ(3) NOT NULL,
  "pinned_by" TEXT,
  CONSTRAINT "host_key_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "host_key_host_type_key" ON "host_key" ("host", "type");

-- The config repository as people entered it.
CREATE TABLE "repository_connection" (
  "id" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "branch" TEXT NOT NULL,
  "host" TEXT NOT NULL,
  "credential" JSONB NOT NULL,
  "saved_at" TIMESTAMPTZ(3) NOT NULL,
  "saved_by" TEXT NOT NULL,
  CONSTRAINT "repository_connection_pkey" PRIMARY KEY ("id")
);
