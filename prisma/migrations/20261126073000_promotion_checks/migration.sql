-- What systems outside said of a plan, or of the commit it brings.
CREATE TABLE "promotion_check" (
  "promotion" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "origin" TEXT NOT NULL,
  "plan_digest" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "description" TEXT,
  "url" TEXT,
  "by" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "promotion_check_pkey" PRIMARY KEY ("promotion", "name", "origin", "plan_digest")
);
