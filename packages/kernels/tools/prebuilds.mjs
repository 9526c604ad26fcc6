// Cross-compiles the addon with zig for every platform that is published, into prebuilds/, where node-gyp-build finds it. zig needs no SDK:
// `pip install ziglang`. `prebuilds.mjs [platform …]`, by default all.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { def_paths as definitions } from 'node-api-headers';
import { buildAddon } from './addon.mjs';
import { findZig, root, run } from './compilers.mjs';

const linux = { compile: ['-fPIC', '-fvisibility=hidden'], link: ['-shared'] };
const darwin = { compile: ['-fPIC', '-fvisibility=hidden'], link: ['-shared', '-Wl,-undefined,dynamic_lookup'] };
const windows = { compile: ['-fvisibility=hidden'], link: ['-shared'], library: true };

/** zig's name of each platform, with the oldest system on which the addon runs. */
const platforms = {
  'linux-x64-glibc': { target: 'x86_64-linux-gnu.2.28', file: 'linux-x64/kernels.napi.glibc.node', ...linux },
  'linux-x64-musl': { target: 'x86_64-linux-musl', file: 'linux-x64/kernels.napi.musl.node', ...linux },
  'linux-arm64-glibc': { target: 'aarch64-linux-gnu.2.28', file: 'linux-arm64/kernels.napi.glibc.node', ...linux },
  'linux-arm64-musl': { target: 'aarch64-linux-musl', file: 'linux-arm64/kernels.napi.musl.node', ...linux },
  'darwin-x64': { target: 'x86_64-macos.11.0', file: 'darwin-x64/kernels.napi.node', ...darwin },
  'darwin-arm64': { target: 'aarch64-macos.11.0', file: 'darwin-arm64/kernels.napi.node', ...darwin },
  'win32-x64': { target: 'x86_64-windows-gnu', file: 'win32-x64/kernels.napi.node', ...windows },
};

/** An import library for what node.exe exports. */
function nodeLibrary(zig, folder) {
  return Object.values(definitions).map((definition, i) => {
    const library = join(folder, `node${i}.lib`);
    run(zig, ['dlltool', '-m', 'i386:x86-64', '-D', 'node.exe', '-d', definition, '-l', library]);
    return library;
  });
}

function build(zig, { target, file, compile, link, library }) {
  const output = join(root, 'prebuilds', file);
  const folder = mkdtempSync(join(tmpdir(), 'nem-prebuild-'));
  try {
    const libraries = library ? nodeLibrary(zig, folder) : [];
    const architecture = target.startsWith('aarch64') ? 'arm64' : 'x64';
    buildAddon([...zig, 'cc'], architecture, output, [...link, ...libraries], ['-target', target, ...compile]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // The linker for Windows leaves an import library beside it.
  for (const other of readdirSync(dirname(output))) {
    if (!other.endsWith('.node')) rmSync(join(dirname(output), other));
  }
  console.log(`${file}: ${(statSync(output).size / 1024).toFixed(0)} KiB`);
}

const zig = findZig();
if (!zig) {
  console.error('zig is not found: `pip install ziglang`, or name one in NEM_ZIG.');
  process.exit(2);
}
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in platforms)) {
    console.error(`There is no platform "${name}": ${Object.keys(platforms).join(', ')}.`);
    process.exit(2);
  }
}
for (const [name, platform] of Object.entries(platforms)) {
  if (wanted.length === 0 || wanted.includes(name)) build(zig, platform);
}
