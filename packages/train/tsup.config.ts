import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig } from 'tsup';
import { declarations, tsupPreset } from '../../tools/tsup-preset.mjs';

// Three builds into one folder, which the script `build` empties before all.
const common = { ...tsupPreset, clean: false, shims: true, dts: false };

/** What is imported; the command and the workers are started by file name, as ES modules alone. */
const imported = { index: 'src/index.ts', browser: 'src/browser.ts' };

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
      ...imported,
      cli: 'src/cli.ts',
      'pool-worker': 'src/engines/pool/worker.ts',
      'noise-worker': 'src/engines/ahead/noise-worker.ts',
    },
    format: 'esm',
  },
  { ...common, entry: imported, format: 'cjs' },
  { ...common, entry: imported, dts: { ...declarations, only: true } },
]);
