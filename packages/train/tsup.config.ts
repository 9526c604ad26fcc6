import { defineConfig } from 'tsup';

const common = { target: 'es2022', sourcemap: true, shims: true } as const;

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
  { ...common, entry: { index: 'src/index.ts' }, format: 'cjs', dts: true },
]);
