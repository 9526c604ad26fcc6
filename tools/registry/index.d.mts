import type { SpawnOptions } from 'node:child_process';

/** A registry that runs. */
export interface Registry {
  /** Its address, with a slash at the end. */
  readonly url: string;
  /** The environment in which npm, pnpm and changesets publish to it and install our packages from it. */
  readonly env: NodeJS.ProcessEnv;
  /** Publishes a packed package; rejects with npm's words where that fails. */
  publish(tarball: string): Promise<void>;
  /** Ends it and removes what it stored. */
  close(): Promise<void>;
}

/** A package of ours as it would be published. */
export interface Tarball {
  readonly name: string;
  readonly version: string;
  /** Where the tarball lies. */
  readonly filename: string;
  /** The paths in it. */
  readonly files: readonly string[];
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

export function startRegistry(): Promise<Registry>;
export function npmrc(url: string): string;
export function packWorkspace(folder: string): Promise<readonly Tarball[]>;
export function run(command: string, args: readonly string[], options?: SpawnOptions): Promise<Printed>;
export function pnpm(args: readonly string[], options?: SpawnOptions): Promise<Printed>;
