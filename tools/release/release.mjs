// Releases the packages, `pnpm release [step …] [--without-provenance]`: versions and changelogs by the changesets, build with the
// addons of all platforms, tests, publication with provenance and tags. By default all of them, in this order; a release that
// failed is run again, and goes on with what is not published yet.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository that is released is where the command is run; `pnpm release` runs in its root. */
const root = process.cwd();
const args = process.argv.slice(2);
const windows = process.platform === 'win32';

function fail(message) {
  console.error(message);
  process.exit(1);
}

function run(command, given, env = {}) {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env }, shell: windows };
  const { status, error } = spawnSync(command, given, options);
  if (error || status !== 0) fail(`${command} ${given.join(' ')} failed: ${error?.message ?? `exit code ${status}`}.`);
}

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Runs a program with the workspace's own pnpm on PATH, which npm fetches where it is not installed. */
const withPnpm = (command, env) => run('npm', ['exec', '--yes', `--package=${packageManager}`, '--', ...command], env);
const pnpm = (...given) => withPnpm(['pnpm', ...given]);
/** What publishes is the pnpm that changesets finds. */
const changeset = (given, env) => withPnpm(['node', 'node_modules/@changesets/cli/bin.js', given], env);

function git(...given) {
  const { stdout, status, stderr } = spawnSync('git', given, { cwd: root, encoding: 'utf8' });
  if (status !== 0) fail(`git ${given.join(' ')} failed: ${stderr}`);
  return stdout.trim();
}

/** Names of the public packages with their versions. */
function packages() {
  const folders = readdirSync(join(root, 'packages'));
  const manifests = folders.map((name) =>
    JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
  );
  return manifests.map(({ name, version }) => `${name} ${version}`);
}

/** New versions and changelogs, as a commit; nothing where no changeset is left. */
function version() {
  const isChangeset = (file) => file.endsWith('.md') && file !== 'README.md';
  if (!readdirSync(join(root, '.changeset')).some(isChangeset)) return console.log('no changeset is left to version');
  const before = packages();
  changeset('version');
  const released = packages().filter((one) => !before.includes(one));
  git('add', '--all');
  git('commit', '--message', `Release ${released.join(', ')}`);
}

/** The built packages, and the addons that no user compiles. */
function build() {
  pnpm('install', '--frozen-lockfile');
  pnpm('turbo', 'run', 'build', '--filter=./packages/*');
  pnpm('--filter', '@nem/kernels', 'run', 'prebuilds');
}

function test() {
  run('npm', ['test']);
}

/** Whether npm can say that a package was made of this repository: in GitHub Actions with the permission `id-token`. */
const attested = process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;

/** Publishes what the registry does not have, each with a tag `name@version`. */
function publish() {
  if (!attested && !args.includes('--without-provenance')) {
    fail('Without GitHub Actions a release has no provenance: let the workflow release, or add --without-provenance.');
  }
  changeset('publish', { NPM_CONFIG_PROVENANCE: String(attested) });
}

const STEPS = { version, build, test, publish };

const chosen = args.filter((arg) => arg !== '--without-provenance');
for (const step of chosen) {
  if (!Object.hasOwn(STEPS, step)) fail(`There is no step '${step}': ${Object.keys(STEPS).join(', ')}.`);
}
if (git('status', '--porcelain') !== '')
  fail('The repository has changes that are not committed: commit or stash them.');
for (const [name, step] of Object.entries(STEPS)) {
  if (chosen.length === 0 || chosen.includes(name)) step();
}
