import { defineConfig } from 'vitest/config';
import { alone } from './tests/alone.ts';

/** What every project shares: a drill or a test that is red stays red, so nothing is retried. */
const shared = { retry: 0, pool: 'forks' as const };

export default defineConfig({
  test: {
    // A test that is skipped says why.
    reporters: ['default', './tests/skips.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['node_modules/**', 'tests/sabotage/**', ...alone],
          testTimeout: 30_000,
          // A third of the processor time: each process loads a module once, by Node itself.
          isolate: false,
          maxWorkers: 3,
          experimental: { viteModuleRunner: false, nodeLoader: false },
        },
      },
      {
        // Held by tests/alone.test.ts.
        test: { ...shared, name: 'unit-alone', include: [...alone], testTimeout: 30_000, maxWorkers: 3 },
      },
      {
        test: {
          ...shared,
          name: 'contract',
          include: ['**/*.contract.ts'],
          exclude: ['node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 3,
          // After the unit tests. Three: a good part of each file is waiting, on two processors as well.
          sequence: { groupOrder: 1 },
          experimental: { viteModuleRunner: false, nodeLoader: false },
        },
      },
      {
        test: {
          ...shared,
          name: 'sabotage',
          include: ['tests/sabotage/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 1,
          maxConcurrency: 2,
        },
      },
      {
        test: {
          ...shared,
          name: 'drills',
          include: ['drills/**/*.drill.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 600_000,
          maxWorkers: 1,
          // Modules are loaded by Node itself: the runner of Vite finds none below a folder whose name has a # in it.
          experimental: { viteModuleRunner: false, nodeLoader: false },
          // Collects garbage early: a drill promises to stay under 400 MB.
          execArgv: ['--max-old-space-size=160', '--max-semi-space-size=8'],
          env: { FIREDRILL_SUITE: 'true' },
        },
      },
    ],
  },
});
