import { defineConfig } from 'vitest/config';

/** Two files at a time: one renders while the other waits for processes. More would starve two cores. */
const twoAtATime = { maxWorkers: 3, sequence: { groupOrder: 1 } };
/** The embedded database lives for seconds here, as in the program. */
const unhurried = { execArgv: ['--wasm-tiering-budget=100000000'] };
const patient = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    allowOnly: false,
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 30_000,
          include: ['**/*.test.{ts,tsx}'],
          exclude: ['tests/**', '**/node_modules/**', '.bespoke/**', 'out/**'],
        },
      },
      {
        test: {
          name: 'repository',
          include: ['tests/repository/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'services',
          include: ['tests/{conformance,e2e,faults}/**/*.test.ts'],
          globalSetup: 'tests/services/global-setup.ts',
          ...patient,
          ...unhurried,
          ...twoAtATime,
        },
      },
      {
        test: {
          name: 'pictures',
          include: ['tests/{golden,browser}/**/*.test.ts'],
          ...patient,
          ...twoAtATime,
        },
      },
    ],
  },
});
