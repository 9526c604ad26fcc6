import { vitestPreset } from '../../tools/vitest-preset.mjs';

// A process for each file: each chooses its driver by an environment variable, and Dawn's instances live as long as their process.
// Vitest asks for a default export.
export default { test: { ...vitestPreset.test, isolate: true } };
