import { vitestPreset } from '../vitest-preset.mjs';

const { test } = vitestPreset;

// Compilers and bundlers use one core each: both files run at the same time. Vitest asks for a default export.
export default {
  test: { ...test, maxWorkers: 2, globalSetup: [...test.globalSetup, 'test/installed.setup.ts'] },
};
