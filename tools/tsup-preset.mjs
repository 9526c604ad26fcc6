import { readFileSync, writeFileSync } from 'node:fs';

/** Declarations are written without looking for faults: `typecheck` finds them, in these sources too. */
export const declarations = { compilerOptions: { noCheck: true } };

/** tsup's configuration for a package with one entry, as ES module and as CommonJS. */
export const tsupPreset = {
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: declarations,
  clean: true,
};

/** What stands for `import` in a call of it, while tsup turns chunks into CommonJS. */
const HIDDEN = '__dynamicImport__';

/**
 * Keeps `import()` in CommonJS. tsup makes `require` of it where it splits, which cannot load a package that has ES modules alone
 * (`h5wasm/node`).
 */
const keepDynamicImports = {
  name: 'keep-dynamic-imports',
  renderChunk(code) {
    return this.format === 'cjs' ? { code: code.replaceAll(/\bimport\(/g, `${HIDDEN}(`) } : undefined;
  },
  buildEnd({ writtenFiles }) {
    for (const { name } of writtenFiles) {
      const code = name.endsWith('.cjs') ? readFileSync(name, 'utf8') : '';
      if (code.includes(HIDDEN)) writeFileSync(name, code.replaceAll(HIDDEN, 'import'));
    }
  },
};

/**
 * What a package with several entries has beside: chunks that all of them share, in CommonJS too, so that there is one class of
 * each error.
 */
export const sharedChunks = { splitting: true, plugins: [keepDynamicImports] };
