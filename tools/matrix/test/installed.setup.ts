// Once for all test files: what they load is installed.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TestProject } from 'vitest/node';
import { installAll } from '../src/install.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the projects. */
    projects: string;
  }
}

/** Vitest's hook before all tests; what it returns is called after them. */
export async function setup({ provide }: TestProject): Promise<() => void> {
  const projects = await installAll();
  provide('projects', projects);
  return () => rmSync(dirname(projects), { recursive: true, force: true });
}
