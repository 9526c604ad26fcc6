// The supply chain, `node tools/audit.mjs`: fails where a production dependency has a known vulnerability, or where an installed
// package has an install script that pnpm-workspace.yaml does not name as one that never runs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (...path) => readFileSync(join(root, ...path), 'utf8');

/** `pnpm audit`'s report, or its error where the registry gives none. */
function audit() {
  const { packageManager } = JSON.parse(read('package.json'));
  const command = ['exec', '--yes', `--package=${packageManager}`, '--', 'pnpm', 'audit', '--prod', '--json'];
  const options = { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' };
  const { stdout, stderr, error } = spawnSync('npm', command, options);
  if (error) return { error };
  try {
    return JSON.parse(stdout);
  } catch {
    return { error: { message: stderr.trim().split('\n').at(-1) || 'it printed no report' } };
  }
}

/** The vulnerabilities of production dependencies; undefined, and said, where the registry does not tell. */
function vulnerabilities() {
  const { error, advisories = {} } = audit();
  if (!error) return Object.values(advisories);
  console.log(`skipped: pnpm audit --prod: ${error.message}`);
  return undefined;
}

/** Folders of all installed packages, each once. */
function installed() {
  const store = join(root, 'node_modules/.pnpm');
  return readdirSync(store).flatMap((entry) => {
    const folder = join(store, entry, 'node_modules');
    if (!existsSync(folder)) return [];
    const children = readdirSync(folder, { withFileTypes: true }).filter((child) => child.isDirectory());
    return children.flatMap(({ name }) => {
      const path = join(folder, name);
      if (!name.startsWith('@')) return [path];
      const scoped = readdirSync(path, { withFileTypes: true }).filter((child) => child.isDirectory());
      return scoped.map((child) => join(path, child.name));
    });
  });
}

/** Names of the packages that ask for a script at install time; npm makes one of a `binding.gyp`. */
function withInstallScripts() {
  const names = installed().flatMap((folder) => {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) return [];
    const { name, scripts = {} } = JSON.parse(readFileSync(file, 'utf8'));
    const asks = ['preinstall', 'install', 'postinstall'].some((script) => scripts[script] !== undefined);
    return asks || existsSync(join(folder, 'binding.gyp')) ? [name] : [];
  });
  return [...new Set(names)].sort();
}

/** The entries of a list in pnpm-workspace.yaml. */
function listed(key) {
  const [, lines = ''] = new RegExp(`^${key}:\\n((?:  - .*\\n)*)`, 'm').exec(read('pnpm-workspace.yaml')) ?? [];
  return [...lines.matchAll(/- "?([^"\n]+)"?/g)].map(([, name]) => name);
}

const found = vulnerabilities();
for (const { module_name: name, severity, title, url } of found ?? []) {
  console.error(`${name}: ${title} (${severity}, ${url}): move to a version without it.`);
}
const ignored = listed('ignoredBuiltDependencies');
const scripts = withInstallScripts();
const unnamed = scripts.filter((name) => !ignored.includes(name));
for (const name of unnamed) {
  console.error(
    `${name} has an install script: name it under ignoredBuiltDependencies in pnpm-workspace.yaml, or do without it.`,
  );
}
if (found?.length || unnamed.length) process.exit(1);
if (found) console.log('no production dependency has a known vulnerability');
console.log(`no install script runs (asked for by ${scripts.join(', ') || 'none'})`);
