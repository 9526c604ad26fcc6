import { defineConfig } from 'vitest/config';

// Vitest asks for a default export.
export default defineConfig({
  test: { include: ['bench/*.ts'], exclude: ['bench/vitest.config.ts'], hookTimeout: 60_000 },
});
