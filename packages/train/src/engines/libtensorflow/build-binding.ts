import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RunError } from '../../errors.js';
import { packageFile } from '../../system/package-file.js';
import { tryProgram } from '../../system/program.js';
import type { InstalledPackage } from './package.js';
import { STDERR_GUARD } from './quiet-load.js';
import { TENSORFLOW_LIBRARIES } from './tensorflow-folder.js';

/** Node-API's headers: an npm package has them, so that a Node installed without headers will do. */
function nodeHeaders(): string {
  const manifest = createRequire(import.meta.url).resolve('node-api-headers/package.json');
  return join(dirname(manifest), 'include');
}

/** Arguments of a C++ compiler for any addon. */
function addonArguments(): string[] {
  const undefinedSymbols = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  const flags = ['-std=c++17', '-O2', '-w', '-shared', '-fPIC', '-DNAPI_VERSION=8'];
  return [...flags, ...undefinedSymbols, `-I${nodeHeaders()}`];
}

/** Arguments of a C++ compiler that make the addon which keeps the standard error stream quiet while another loads. */
const guardArguments = (output: string): string[] => [
  ...addonArguments(),
  packageFile('addon/stderr-guard.cc'),
  '-o',
  output,
];

/** Arguments of a C++ compiler that make tfjs-node's addon from its C++ and TensorFlow's headers and libraries. */
function compilerArguments(installed: InstalledPackage, tensorflow: string, output: string): string[] {
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(installed.folder, 'binding', file));
  const include = [join(tensorflow, 'include'), installed.folder];
  return [
    ...addonArguments(),
    ...include.map((folder) => `-I${folder}`),
    ...sources,
    ...TENSORFLOW_LIBRARIES.map((file) => join(tensorflow, file)),
    `-Wl,-rpath,${tensorflow}`,
    '-o',
    output,
  ];
}

/**
 * Compiles an engine's addon, and beside it the one that keeps its loading quiet; some ten seconds.
 * @param tensorflow `site-packages/tensorflow`
 * @param output the addon's file
 * @param abort ends the compiler
 * @throws RunError without a C++ compiler, or where the C++ does not compile against this TensorFlow
 */
export async function buildBinding(
  installed: InstalledPackage,
  tensorflow: string,
  output: string,
  abort?: AbortSignal,
): Promise<void> {
  if (process.platform === 'win32') {
    throw new RunError("TensorFlow's Windows wheels have no C++ library to link with", 'run nem in WSL 2.');
  }
  if (!existsSync(join(tensorflow, 'include', 'tensorflow', 'c', 'eager', 'c_api.h'))) {
    throw new RunError(
      `${tensorflow} lacks TensorFlow's C headers (include/tensorflow/c)`,
      'install TensorFlow from PyPI.',
    );
  }
  await compile(compilerArguments(installed, tensorflow, output), tensorflow, abort);
  await compile(guardArguments(join(dirname(output), STDERR_GUARD)), tensorflow, abort);
}

/** @throws RunError without a C++ compiler, or where it does not end with 0 */
async function compile(args: readonly string[], tensorflow: string, abort: AbortSignal | undefined): Promise<void> {
  const compiler = process.env.CXX || 'c++';
  const result = await tryProgram(compiler, args, { abort });
  if (!result) {
    throw new RunError(
      `no C++ compiler: '${compiler}' does not start`,
      'install g++ (apt install g++, or xcode-select --install) or name one in CXX.',
      { joint: '; ' },
    );
  }
  if (result.status !== 0) {
    const first = result.stderr.split('\n').find((line) => /error/.test(line)) ?? result.stderr.trim();
    throw new RunError(`the binding does not compile against ${tensorflow} with ${compiler}: ${first}`);
  }
}
