import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const coreEach = { maxWorkers: 2, sequence: { groupOrder: 0 } };
/** One file renders while others wait for processes. More would starve two cores. */
const threeAtATime = { maxWorkers: 3, sequence: { groupOrder: 1 } };
/** What is heard and seen in time needs a core of its own. */
const twoAtATime = { maxWorkers: 2, sequence: { groupOrder: 2 } };
/** The embedded database lives for seconds here, as in the program. */
const unhurried = { execArgv: ['--wasm-tiering-budget=100000000'] };
const patient = { testTimeout: 300_000, hookTimeout: 300_000 };

/** Files share the modules of their worker: loading them takes longer than many tests. */
const together = { isolate: false };

/** The entry points of the package as sources, as `paths` in tsconfig.json. */
const source = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const entryPoints = {
  'bespoke/template': source('video/template.ts'),
  'bespoke/kit': source('video/kit.ts'),
  'bespoke/remotion': source('video/remotion.tsx'),
};

export default defineConfig({
  resolve: { alias: entryPoints },
  test: {
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          ...coreEach,
          ...together,
          testTimeout: 30_000,
          include: ['**/*.test.{ts,tsx}'],
          exclude: ['tests/**', '**/node_modules/**', '.bespoke/**', 'out/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'repository',
          ...coreEach,
          include: ['tests/repository/**/*.test.ts'],
          globalSetup: 'tests/services/build-programs.ts',
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'services',
          ...together,
          include: ['tests/{conformance,e2e,faults}/**/*.test.ts'],
          globalSetup: ['tests/services/build-programs.ts', 'tests/services/global-setup.ts'],
          ...patient,
          ...unhurried,
          ...threeAtATime,
        },
      },
      {
        extends: true,
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
