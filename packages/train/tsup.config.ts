import { defineConfig } from 'tsup';

export default defineConfig([
  {
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    target: 'es2022',
    dts: true,
    sourcemap: true,
    shims: true,
  },
  // The command is a program, which nobody requires.
  { entry: ['src/cli.ts'], format: ['esm'], target: 'es2022', sourcemap: true },
]);
