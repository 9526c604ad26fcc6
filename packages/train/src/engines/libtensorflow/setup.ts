import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { option, RunError } from '../../errors.js';
import type { Abort } from '../../system/abort.js';
import { makeFolder, writeError } from '../../system/files.js';
import { runProgram, tryProgram } from '../../system/program.js';
import { libTensorFlowEnvironment } from './backend.js';
import { buildBinding } from './build-binding.js';
import {
  bindingFolder,
  downloadedBinding,
  type InstalledPackage,
  installedPackage,
  type LibTensorFlowEngine,
} from './package.js';
import { findTensorFlow } from './tensorflow-folder.js';

/** Milliseconds in which the packages' download host must answer. */
const HOST_TIMEOUT = 3000;

export interface SetupOptions {
  /** A Python or a folder with a pip-installed TensorFlow. Default: the package's own download, else `$PYTHON` or `python3`. */
  readonly tensorflow?: string;
  /** Told what is going on, a line at a time. */
  readonly progress: (line: string) => void;
  /** Ends the setup; what was there before stays. */
  readonly abort?: Abort;
}

/** An addon that loads. */
export interface SetupResult {
  readonly engine: LibTensorFlowEngine;
  readonly binding: string;
  readonly tensorflow: string;
  readonly gpu: boolean;
}

/** Loads an addon in a process of its own: one built against the wrong libraries may end the process. */
async function tryBinding(
  engine: LibTensorFlowEngine,
  file: string,
  abort: AbortSignal | undefined,
): Promise<{ version: string; gpu: boolean }> {
  const script =
    'const b = require(process.argv[1]); console.log(JSON.stringify({ version: b.TF_Version, gpu: b.isUsingGpuDevice() }))';
  const { status, signal, stdout, stderr } = await runProgram(process.execPath, ['-e', script, file], {
    env: { ...process.env, ...libTensorFlowEnvironment(engine) },
    abort,
  });
  if (status !== 0) {
    const why = signal ?? stderr.split('\n').find((line) => line.startsWith('Error')) ?? `exit code ${status}`;
    throw new RunError(`the binding for ${engine} does not load: ${why}`);
  }
  const result = JSON.parse(stdout) as { version: string; gpu: boolean };
  if (engine === 'cuda' && !result.gpu) {
    throw new RunError(`TensorFlow ${result.version} finds no CUDA device`, [
      'pip install "tensorflow[and-cuda]", see that nvidia-smi lists the GPU, and give its Python with ',
      option('tensorflow'),
      '.',
    ]);
  }
  return result;
}

/** Whether the loader finds the CUDA that the package's own libtensorflow 2.9 wants (11.2 with cuDNN 8.1). */
async function hasCuda11(): Promise<boolean> {
  const result = await tryProgram('ldconfig', ['-p']);
  return ['libcudart.so.11.0', 'libcudnn.so.8'].every((library) => result?.stdout.includes(library));
}

/** Whether the host of the packages' downloads answers. */
async function hostAnswers(): Promise<boolean> {
  const host = process.env.TFJS_NODE_CDN_STORAGE || 'https://storage.googleapis.com/';
  try {
    await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(HOST_TIMEOUT) });
    return true;
  } catch {
    return false;
  }
}

/** Does something that writes into a folder. @throws RunError that names the folder, with the exit code of a failed write */
function writing<T>(folder: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw writeError(folder, error);
  }
}

const remove = (folder: string) => writing(folder, () => rmSync(folder, { recursive: true, force: true }));

/** Makes the folder in which a binding is built, beside the one that it is going to be. @throws RunError where it cannot be made */
export const makeWorkFolder = (target: string): string =>
  writing(dirname(target), () => {
    makeFolder(dirname(target));
    return mkdtempSync(`${target}-`);
  });

/** Runs the package's install script: downloads libtensorflow 2.9 and the addon into node_modules. */
async function download({ folder }: InstalledPackage, abort: AbortSignal | undefined): Promise<boolean> {
  // Windows starts npm, which is a batch file there, by its shell alone.
  const how = { stdout: 'show', stderr: 'show', shell: process.platform === 'win32' } as const;
  const done = await runProgram('npm', ['run', 'install'], { cwd: folder, abort, ...how }).then(
    ({ status }) => status === 0,
    () => false,
  );
  if (!done) remove(join(folder, 'deps'));
  abort?.throwIfAborted();
  return done;
}

async function build(
  engine: LibTensorFlowEngine,
  installed: InstalledPackage,
  { tensorflow: place, progress, abort }: SetupOptions,
): Promise<SetupResult> {
  const { folder, version } = await findTensorFlow(place, abort);
  const target = bindingFolder(engine);
  if (target === undefined) {
    throw new RunError(
      'there is no home folder to keep the binding in',
      'name a cache in the environment variable NEM_CACHE.',
    );
  }
  const work = makeWorkFolder(target);
  try {
    progress(`compiling the binding of ${installed.name} with TensorFlow ${version ?? ''} in ${folder}`);
    const file = join(work, 'tfjs_binding.node');
    await buildBinding(installed, folder, file, abort);
    progress('loading it');
    const { version: loaded, gpu } = await tryBinding(engine, file, abort);
    const built = {
      package: installed.name,
      version: installed.version,
      tensorflow: folder,
      tensorflowVersion: loaded,
    };
    writing(target, () => {
      writeFileSync(join(work, 'binding.json'), `${JSON.stringify(built, null, 2)}\n`);
      rmSync(target, { recursive: true, force: true });
      renameSync(work, target);
    });
    return { engine, binding: join(target, 'tfjs_binding.node'), tensorflow: loaded, gpu };
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Gives an engine its binding to libtensorflow: the package's own download where its host answers (and, for `cuda`, CUDA 11 is
 * there), else built against a pip-installed TensorFlow.
 * @throws EngineUnavailable where the package is not installed or does not run on this Node; UsageError and RunError, one sentence each
 */
export async function setupEngine(engine: LibTensorFlowEngine, options: SetupOptions): Promise<SetupResult> {
  const installed = installedPackage(engine);
  const { abort } = options;
  const own = options.tensorflow === undefined && (engine === 'tensorflow' || (await hasCuda11()));
  if (own && (await hostAnswers())) {
    options.progress(`running the download of ${installed.name}`);
    if (await download(installed, abort)) {
      const file = downloadedBinding(installed);
      if (existsSync(file)) {
        const { version, gpu } = await tryBinding(engine, file, abort);
        // The one that was built before goes once this one works.
        const built = bindingFolder(engine);
        if (built !== undefined) remove(built);
        return { engine, binding: file, tensorflow: version, gpu };
      }
    }
    options.progress('the download failed');
  }
  return build(engine, installed, options);
}
