import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A repository of its own with what a release needs of this one: manifests, changesets, tools, and the packages as they are built. */
export class ReleasedWorkspace {
  readonly names: readonly string[];

  constructor(readonly folder: string) {
    for (const path of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.changeset', '.gitignore', 'tools']) {
      const filter = (from: string) => basename(from) !== 'node_modules';
      cpSync(join(root, path), join(folder, path), { recursive: true, filter });
    }
    const all = readdirSync(join(root, 'packages')).filter((name) =>
      existsSync(join(root, 'packages', name, 'package.json')),
    );
    this.names = all.filter(
      (name) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')).private !== true,
    );
    for (const name of all) this.#copy(`packages/${name}`);
    mkdirSync(join(folder, 'apps/docs'), { recursive: true });
    cpSync(join(root, 'apps/docs/package.json'), join(folder, 'apps/docs/package.json'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const name of all) this.#link(name);
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('config', 'user.name', 'A maintainer');
    this.git('config', 'user.email', 'maintainer@example.org');
    writeFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
    this.commit('The packages before their release');
  }

  /** A package's folder without sources, tests and what is installed. */
  #copy(path: string): void {
    const skipped = ['node_modules', 'src', 'test', 'golden', 'bench', 'build', 'c', '.turbo', 'test-results.json'];
    cpSync(join(root, path), join(this.folder, path), {
      recursive: true,
      filter: (from) => dirname(from) !== join(root, path) || !skipped.includes(basename(from)),
    });
  }

  /** Our packages that one of ours needs: pnpm looks there for the versions that it publishes. */
  #link(name: string): void {
    const { dependencies, peerDependencies, devDependencies } = this.manifest(name);
    const needed = Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies });
    for (const other of needed.filter((dependency) => dependency.startsWith('@nem/'))) {
      const at = join(this.folder, 'packages', name, 'node_modules', other);
      mkdirSync(dirname(at), { recursive: true });
      symlinkSync(join(this.folder, 'packages', other.slice('@nem/'.length)), at);
    }
  }

  manifest(name: string): Manifest {
    return JSON.parse(this.read(name, 'package.json')) as Manifest;
  }

  read(name: string, file: string): string {
    return readFileSync(join(this.folder, 'packages', name, file), 'utf8');
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.folder, encoding: 'utf8' }).trim();
  }

  commit(message: string): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', message);
  }
}
