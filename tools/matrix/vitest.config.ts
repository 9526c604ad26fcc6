import { vitestPreset } from '../vitest-preset.mjs';

// Vitest asks for a default export.
export default vitestPreset;
