import { vitestPreset } from '../../tools/vitest-preset.mjs';

// Vitest asks for a default export.
export default vitestPreset;
