import { fileURLToPath } from 'node:url';

const tool = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Vitest's configuration for every package. A busy machine with two cores is slow; speed is measured by benchmarks. */
export const vitestPreset = {
  test: {
    // One process for all files of a package: to start one for each and load all modules again took a tenth of the tests' time.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    // For what never ends: many tests start programs, compilers and browsers, which take minutes on a busy machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: [tool('./test-homes.mjs')],
    setupFiles: [tool('./test-environment.mjs')],
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results.json' },
  },
};
