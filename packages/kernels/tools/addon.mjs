// Compiles and links the addon: every variant of an architecture as an object file of its own, then all of them as one `.node` file.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { include_dir as headers } from 'node-api-headers';
import { common, run, sources, variants } from './compilers.mjs';

/**
 * @param compiler program and first arguments
 * @param architecture `x64` or `arm64`
 * @param target the `.node` file
 * @param link what the platform's linker needs
 * @param compile what its compiler needs
 */
export function buildAddon(compiler, architecture, target, link, compile = []) {
  const folder = mkdtempSync(join(tmpdir(), 'nem-kernels-'));
  try {
    const objects = [];
    const object = (source, name, flags) => {
      const output = join(folder, `${name}.o`);
      run(compiler, [...common, ...compile, ...flags, '-c', join(sources, source), '-o', output]);
      objects.push(output);
    };
    for (const [name, flags] of Object.entries(variants[architecture])) {
      object('variant.c', name, [`-DNEM_VARIANT=${name}`, ...flags]);
    }
    object('variants.c', 'variants', []);
    object('addon.c', 'addon', [`-I${headers}`]);
    mkdirSync(dirname(target), { recursive: true });
    run(compiler, [...compile, '-s', ...objects, ...link, '-o', target]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
