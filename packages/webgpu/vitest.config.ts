import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A busy machine with two cores is slow; speed is measured by benchmarks.
    testTimeout: 60_000,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results.json' },
  },
});
