import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Runs the workspace's own pnpm, which npm fetches where it is not installed. */
export function pnpm(args, options) {
  return run('npm', ['exec', '--yes', `--package=${packageManager}`, '--', 'pnpm', ...args], options);
}

/**
 * Packs every public package of the workspace into `folder`, as `pnpm publish` would. Resolves to the tarballs:
 * `{ name, version, filename, files }` of each, `files` being the paths in it.
 */
export async function packWorkspace(folder) {
  const args = ['--recursive', '--filter', './packages/*', 'pack', '--json', '--pack-destination', folder];
  const { stdout } = await pnpm(args, { cwd: root });
  return JSON.parse(stdout).map(({ files, ...one }) => ({ ...one, files: files.map(({ path }) => path) }));
}
