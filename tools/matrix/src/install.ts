// Publishes our packages to a registry on this machine and installs each into a project of its own.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmrc, packWorkspace, pnpm, type Registry, startRegistry, type Tarball } from 'registry';
import { inPool } from './pool.js';
import { writeProgram } from './programs.js';
import { type Install, PROJECTS, ROWS } from './rows.js';

/** The version of a third party's package that this workspace has. */
function versionOf(name: string): string {
  const manifest = fileURLToPath(new URL(`../node_modules/${name}/package.json`, import.meta.url));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function writeProject(at: string, { folder, packages }: Install): void {
  const version = (name: string) => (name.startsWith('@nem/') ? '*' : versionOf(name));
  const dependencies = Object.fromEntries(packages.map((name) => [name, version(name)]));
  mkdirSync(join(at, folder));
  writeFileSync(
    join(at, folder, 'package.json'),
    JSON.stringify({ name: `project-${folder}`, private: true, dependencies }),
  );
}

/** Settings with which a package finds its own dependencies, and not what other projects here install. */
const ALONE = ['auto-install-peers=false', 'dedupe-peer-dependents=false', 'hoist=false', ''];

/** Publishes the tarballs, two at a time. */
const publishAll = (registry: Registry, tarballs: readonly Tarball[]) =>
  inPool(
    2,
    tarballs.map((tarball) => () => registry.publish(tarball.filename)),
  );

/**
 * Packs and publishes every package of ours, and installs it. In each project only what its manifest names can be imported, and in
 * each package only what its own one does: nothing is hoisted. Resolves to the folder of the projects, in which every row's program
 * stands.
 */
export async function installAll(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'nem-matrix-'));
  const packed = join(folder, 'packed');
  mkdirSync(packed);
  const [registry, tarballs] = await Promise.all([startRegistry(), packWorkspace(packed)]);
  try {
    await publishAll(registry, tarballs);
    const at = join(folder, 'projects');
    mkdirSync(at);
    writeFileSync(join(at, 'pnpm-workspace.yaml'), 'packages: ["*"]\n');
    writeFileSync(join(at, '.npmrc'), [npmrc(registry.url), ...ALONE].join('\n'));
    for (const project of PROJECTS) writeProject(at, project);
    await pnpm(['install', '--no-frozen-lockfile', '--ignore-scripts'], { cwd: at, env: registry.env });
    for (const row of ROWS) writeProgram(at, row);
    return at;
  } finally {
    await registry.close();
  }
}
