import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packWorkspace, run, type Tarball } from 'registry';

/** What of a manifest is checked. */
export interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly homepage: string;
  readonly bugs: string;
  readonly repository: { readonly type: string; readonly url: string; readonly directory?: string };
}

/** A package as it would be published, packed and unpacked. */
export interface Unpacked extends Tarball {
  readonly folder: string;
  readonly manifest: Manifest;
}

export const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

/** Packs every package of ours and unpacks the tarballs below `folder`. */
export async function unpackAll(): Promise<{ folder: string; packages: readonly Unpacked[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'nem-surface-'));
  const packages: Unpacked[] = [];
  for (const tarball of await packWorkspace(folder)) {
    const to = join(folder, tarball.name.replace('/', '-'));
    mkdirSync(to);
    await run('tar', ['-xzf', tarball.filename, '-C', to]);
    const unpacked = join(to, 'package');
    packages.push({ ...tarball, folder: unpacked, manifest: readJson(join(unpacked, 'package.json')) });
  }
  return { folder, packages };
}
