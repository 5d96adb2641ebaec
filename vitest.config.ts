import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['lib/**/*.test.ts', 'workers/**/*.test.ts', 'components/**/*.test.ts', 'test/architecture/**/*.test.ts'] } },
    ],
  },
})
