import { defineConfig } from 'vitest/config'

/** What is polled for comes late on a machine that is busy. */
const expect = { poll: { timeout: 30_000 } }
/** Tests that share a machine's two cores with real servers run one file at a time. */
const oneByOne = { expect, fileParallelism: false, testTimeout: 120_000, hookTimeout: 300_000 }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          expect,
          include: [
            'lib/**/*.test.ts',
            'workers/**/*.test.ts',
            'components/**/*.test.ts',
            'cli/**/*.test.ts',
            'test/architecture/**/*.test.ts',
          ],
        },
      },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], ...oneByOne } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...oneByOne } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...oneByOne } },
    ],
  },
})
