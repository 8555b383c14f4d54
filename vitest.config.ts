import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

// Every core, where the default leaves one to whoever is looking on. What is tested from outside comes last and one by one, so that
// nothing else takes its time.
const first = { maxWorkers: '100%', sequence: { groupOrder: 0 } };

// Three kinds of test: pure code in Node, Workers in workerd, and the built thing from outside.
export default defineConfig({
  test: {
    // Each request logs a line; it is of interest when a test fails.
    silent: 'passed-only',
    projects: [
      { test: { ...first, name: 'unit', include: ['{shared,workers,models,scripts}/**/*.unit.test.ts'] } },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: { TEST_MIGRATIONS: await readD1Migrations('./migrations') } },
          })),
        ],
        test: {
          ...first,
          name: 'worker',
          include: ['{shared,workers}/**/*.worker.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['{shared,workers,scripts}/**/*.e2e.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
