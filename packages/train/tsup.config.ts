import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig } from 'tsup';
import { tsupPreset } from '../../tools/tsup-preset.mjs';

// Two builds into one folder, which the script `build` empties before both.
const common = { ...tsupPreset, clean: false, shims: true };

/** Two fonts of the 12 MB of their package, with their licence. */
function copyFonts(): Promise<void> {
  const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
  for (const file of ['ttf/DejaVuSans.ttf', 'ttf/DejaVuSans-Bold.ttf', 'LICENSE']) {
    cpSync(join(fonts, file), join('dist/fonts', file.replace('ttf/', '')));
  }
  return Promise.resolve();
}

export default defineConfig([
  {
    ...common,
    onSuccess: copyFonts,
    entry: {
      index: 'src/index.ts',
      browser: 'src/browser.ts',
      cli: 'src/cli.ts',
      'pool-worker': 'src/engines/pool/worker.ts',
      'noise-worker': 'src/engines/ahead/noise-worker.ts',
    },
    format: 'esm',
    dts: { entry: { index: 'src/index.ts', browser: 'src/browser.ts' } },
  },
  // The command and the workers are started by file name: only what is imported has a CommonJS form.
  { ...common, entry: { index: 'src/index.ts', browser: 'src/browser.ts' }, format: 'cjs' },
]);
