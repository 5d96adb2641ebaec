-- Credentials entered on the settings page; only the worker can open `sealed`.
CREATE TABLE "registry_credential" (
  "id" TEXT NOT NULL,
  "host" TEXT NOT NULL,
  "path" TEXT NOT NULL,
  "purpose" TEXT NOT NULL,
  "username" TEXT NOT NULL,
  "sealed" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "created_by" TEXT NOT NULL,
  CONSTRAINT "registry_credential_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "registry_credential_purpose_host_path_key" ON "registry_credential" ("purpose", "host", "path");
