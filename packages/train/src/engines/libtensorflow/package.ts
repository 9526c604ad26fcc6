import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as util from 'node:util';
import { cacheFolder } from '@nem/datasets/mnist';
import { type Remedy, RunError } from '../../errors.js';

/** The engines that run on libtensorflow through a Node addon. */
export type LibTensorFlowEngine = 'cuda' | 'tensorflow';

/** The npm package of each; both have the same JavaScript and C++. */
const PACKAGES = { cuda: '@tensorflow/tfjs-node-gpu', tensorflow: '@tensorflow/tfjs-node' } as const;

/** An engine that cannot start here: why, and the command (or sentence) that mends it. */
export class EngineUnavailable extends RunError {
  static override readonly code = 'NEM_RUN_UNAVAILABLE';
  override readonly name = 'EngineUnavailable';
  declare readonly remedy: Remedy;

  constructor(reason: string, remedy: Remedy) {
    super(reason, remedy, { joint: '; to mend it: ' });
  }
}

/** An installed `@tensorflow/tfjs-node` or `-gpu`. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** Resolves from within the package. */
  readonly require: NodeJS.Require;
}

/**
 * The package of an engine, where npm put it.
 * @throws EngineUnavailable where it is not installed, or its JavaScript does not run on this Node
 */
export function installedPackage(engine: LibTensorFlowEngine): InstalledPackage {
  const name = PACKAGES[engine];
  let manifest: string;
  try {
    manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  } catch {
    throw new EngineUnavailable(`${name} is not installed`, `npm install --ignore-scripts ${name}`);
  }
  if (typeof (util as { isNullOrUndefined?: unknown }).isNullOrUndefined !== 'function') {
    throw new EngineUnavailable(
      `${name} does not run on Node ${process.versions.node}: it calls a function that Node 23 removed`,
      'use Node 20 or 22',
    );
  }
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { name, version, folder: dirname(manifest), require: createRequire(manifest) };
}

/**
 * Where bindings that a setup has built are kept; `pnpm install` and `npm ci` do not touch it. Undefined where there is neither a
 * home folder nor a variable that names a cache.
 */
export function bindingFolder(engine: LibTensorFlowEngine): string | undefined {
  const cache = cacheFolder('engines');
  return cache === undefined ? undefined : join(cache, engine);
}

/** Where the package downloads its addon to. */
export const downloadedBinding = ({ folder }: InstalledPackage) => join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');

/** The addon's file: the one built by a setup, else the one that the package downloaded. */
export function bindingFile(engine: LibTensorFlowEngine, installed: InstalledPackage): string | undefined {
  const built = bindingFolder(engine);
  const candidates = [...(built === undefined ? [] : [join(built, 'tfjs_binding.node')]), downloadedBinding(installed)];
  return candidates.find((file) => existsSync(file));
}
