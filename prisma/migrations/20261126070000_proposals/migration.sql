-- AlterTable
ALTER TABLE "write_request" ADD COLUMN     "proposal" TEXT;
