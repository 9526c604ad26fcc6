// Builds the addon for this machine, where a C compiler is found; else it says what runs instead. It never fails a build.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildAddon } from './addon.mjs';
import { findCompiler, root, variants } from './compilers.mjs';

const target = join(root, 'build', 'Release', 'nem_kernels.node');

function build() {
  const compiler = findCompiler();
  if (!(process.arch in variants)) return `There is no native variant for ${process.arch}`;
  if (process.platform === 'win32') return 'No addon is compiled on Windows';
  if (!compiler) return 'No C compiler is found (cc, gcc, clang or zig)';
  const link = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  try {
    buildAddon(compiler, process.arch, target, link, ['-fPIC', '-fvisibility=hidden']);
  } catch (error) {
    return `The native kernels do not compile here (${error.message.trim().split('\n')[0]})`;
  }
  return undefined;
}

rmSync(join(root, 'build'), { recursive: true, force: true });
const reason = build();
console.log(
  reason
    ? `${reason}: the kernels run as WebAssembly where \`pnpm run prebuilds\` has made no addon.`
    : `Native kernels: ${target}`,
);
