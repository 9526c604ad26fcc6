import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { option, RunError, UsageError } from '../../errors.js';
import { tryProgram } from '../../system/program.js';

/** The oldest TensorFlow whose wheels carry libtensorflow_cc. */
const OLDEST_TENSORFLOW = [2, 12] as const;

/** A pip-installed TensorFlow. */
interface TensorFlowInstallation {
  /** `site-packages/tensorflow`. */
  readonly folder: string;
  /** e.g. `2.21.0`; undefined where the folder has no package metadata beside it. */
  readonly version: string | undefined;
}

/** The shared libraries that a binding is linked with. */
export const TENSORFLOW_LIBRARIES: readonly [string, string] =
  process.platform === 'darwin'
    ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib']
    : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

const INSTALL = 'pip install tensorflow-cpu (tensorflow) or "tensorflow[and-cuda]" (cuda)';

const OR_ANOTHER = [', or give another ', option('tensorflow'), '.'];

/** Where a Python would import TensorFlow from; without importing it, which takes seconds. */
const FIND = `import importlib.util
spec = importlib.util.find_spec('tensorflow')
print(spec.submodule_search_locations[0] if spec and spec.submodule_search_locations else '')`;

async function folderOfPython(python: string, abort: AbortSignal | undefined): Promise<string> {
  const result = await tryProgram(python, ['-c', FIND], { abort });
  if (result?.status !== 0) {
    throw new UsageError(`${python} is no Python that runs`, ['give ', option('tensorflow'), ' a Python or a folder.']);
  }
  const folder = result.stdout.trim();
  if (!folder) throw new RunError(`${python} has no TensorFlow`, [`${INSTALL} there`, ...OR_ANOTHER]);
  return folder;
}

/** The names in a folder; none of what cannot be read as one, where no TensorFlow is found then. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Every place inside a folder (TensorFlow itself, site-packages, a virtual environment) where TensorFlow may be. */
function foldersWithin(folder: string): string[] {
  const libraries = join(folder, 'lib');
  const environments = namesIn(libraries).filter((name) => name.startsWith('python'));
  return [
    folder,
    join(folder, 'tensorflow'),
    ...environments.map((name) => join(libraries, name, 'site-packages', 'tensorflow')),
    join(folder, 'Lib', 'site-packages', 'tensorflow'),
  ];
}

const hasLibrary = (folder: string) => existsSync(join(folder, TENSORFLOW_LIBRARIES[0]));

/** The version that pip noted beside the package. */
function installedVersion(folder: string): string | undefined {
  const notes = namesIn(dirname(folder)).map((name) => /^tensorflow(?:_[a-z]+)?-([\d.]+\w*)\.dist-info$/.exec(name));
  return notes.find((match) => match !== null)?.[1];
}

function requireVersion(folder: string, version: string | undefined): void {
  if (version === undefined) return;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_TENSORFLOW;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new RunError(
    `TensorFlow ${version} in ${folder} is too old: its C++ library comes with ${OLDEST_TENSORFLOW.join('.')} and newer`,
    'pip install --upgrade it.',
    { joint: '; ' },
  );
}

/**
 * The TensorFlow in a Python or folder.
 * @param place a Python command, a virtual environment, a site-packages or TensorFlow's own folder. Default: `$PYTHON`, else `python3`
 * @throws UsageError where `place` is neither; RunError where it has no TensorFlow that carries its C++ library
 */
export async function findTensorFlow(
  place = process.env.PYTHON || 'python3',
  abort?: AbortSignal,
): Promise<TensorFlowInstallation> {
  const isFolder = existsSync(place) && statSync(place).isDirectory();
  const candidates = isFolder ? foldersWithin(place) : [await folderOfPython(place, abort)];
  const present = candidates.find((folder) => basename(folder) === 'tensorflow' && existsSync(folder));
  if (present) requireVersion(present, installedVersion(present));
  const folder = candidates.find(hasLibrary);
  if (folder) return { folder, version: installedVersion(folder) };
  if (present) {
    throw new RunError(
      `TensorFlow in ${present} lacks ${TENSORFLOW_LIBRARIES[0]}`,
      `install TensorFlow ${OLDEST_TENSORFLOW.join('.')} or newer from PyPI.`,
    );
  }
  throw new RunError(`${place} has no TensorFlow`, [INSTALL, ...OR_ANOTHER]);
}
