-- How many digests the environment to the left has deployed since; NULL = not known, or nothing is to the left.
ALTER TABLE "release" ADD COLUMN     "behind" INTEGER;
