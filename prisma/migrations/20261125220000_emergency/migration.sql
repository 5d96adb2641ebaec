-- A rollback that did not wait for Git, and the hold under it until Git says the same; NULL = none.
ALTER TABLE "release" ADD COLUMN     "emergency" JSONB;
