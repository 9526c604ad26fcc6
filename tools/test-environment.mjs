// Gives every test file a home and caches of its own: what the user has there (engines set up, downloaded digits) is not seen
// by tests. Python keeps finding what the user has installed. It also seeds the property-based tests.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Variables by which the user chooses peers for tests; all others of ours would change what a test does. */
const KEPT = ['NEM_REQUIRE_PEERS', 'NEM_WITHOUT', 'NEM_TORCH_PYTHON', 'NEM_IDX', 'NEM_ZIG'];

const { env } = process;
const user = homedir();
const home = mkdtempSync(join(env.TEST_HOMES, 'home-'));
for (const name of Object.keys(env)) if (name.startsWith('NEM_') && !KEPT.includes(name)) delete env[name];
// A driver by these names would be taken beside the one that a test names.
delete env.VK_DRIVER_FILES;
delete env.VK_ADD_DRIVER_FILES;
env.PYTHONUSERBASE ??= join(user, '.local');
env.PYENV_ROOT ??= join(user, '.pyenv');
env.HOME = home;
env.USERPROFILE = home;
env.XDG_CACHE_HOME = join(home, 'cache');
env.XDG_CONFIG_HOME = join(home, 'config');
env.NEM_CACHE = join(home, 'cache', 'nem');
// Mesa keeps what it has compiled, by the kernel and its own version. Compiling is most of what a test on a software GPU takes, and
// tests of all packages, and the commands that they start, have kernels in common.
env.MESA_SHADER_CACHE_DIR ??= fileURLToPath(new URL('../node_modules/.cache/mesa', import.meta.url));

/** fast-check as the tests import it: its ES module and its CommonJS module have settings of their own. */
const checks = join(process.cwd(), 'node_modules/fast-check');
if (existsSync(checks)) {
  const { exports } = JSON.parse(readFileSync(join(checks, 'package.json'), 'utf8'));
  const { configureGlobal } = await import(pathToFileURL(join(checks, exports['.'].import.default)).href);
  // Properties are tried with the same values on every machine, so that a failure can be repeated.
  configureGlobal({ seed: 20170803 });
}
