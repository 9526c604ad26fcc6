import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Many tests start the command as a process of its own.
    testTimeout: 60_000,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results.json' },
  },
});
