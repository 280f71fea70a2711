import { defineConfig } from 'vitest/config';

// Tests import sources through the "source" condition, so they never see a stale build.
const source = { resolve: { conditions: ['source'] }, ssr: { resolve: { conditions: ['source'] } } };

export default defineConfig({
  ...source,
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'conformance/**/*.test.ts'],
          exclude: ['**/*.e2e.test.ts'],
          isolate: false,
          pool: 'threads',
          // Bounds what hangs; a loaded machine is slow, not wrong.
          testTimeout: 30_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        ...source,
        test: {
          name: 'e2e',
          include: ['packages/*/test/**/*.e2e.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          expect: { poll: { timeout: 60_000 } },
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
