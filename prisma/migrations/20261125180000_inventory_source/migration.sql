-- AlterTable
-- What was applied before sources were noted belongs to none, so no source deletes it until one applies it again.
ALTER TABLE "inventory" ADD COLUMN     "source" TEXT NOT NULL DEFAULT '';
