-- What the host of the repository was told of operations, and of commits.
CREATE TABLE "host_deployment" (
  "operation" TEXT NOT NULL,
  "release" TEXT NOT NULL,
  "environment" TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  "deployment" TEXT,
  "told" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "host_deployment_pkey" PRIMARY KEY ("operation")
);
CREATE INDEX "host_deployment_release_told_idx" ON "host_deployment" ("release", "told");

CREATE TABLE "host_status" (
  "commit" TEXT NOT NULL,
  "environment" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "host_status_pkey" PRIMARY KEY ("commit", "environment")
);
