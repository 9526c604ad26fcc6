import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tools/tsup-preset.mjs';

// Two builds into one folder, which the script `build` empties before both.
const common = { ...tsupPreset, clean: false, shims: true };

export default defineConfig([
  {
    ...common,
    entry: {
      index: 'src/index.ts',
      cli: 'src/cli.ts',
      'pool-worker': 'src/engines/pool/worker.ts',
      'noise-worker': 'src/engines/ahead/noise-worker.ts',
    },
    format: 'esm',
    dts: { entry: { index: 'src/index.ts' } },
  },
  // The command and the workers are started by file name: only what is imported has a CommonJS form.
  { ...common, entry: { index: 'src/index.ts' }, format: 'cjs' },
]);
