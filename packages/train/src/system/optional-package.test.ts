import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { missingPackages, requirePackages } from './optional-package.js';

it('names what is not installed, with the command that adds it', () => {
  expect(missingPackages(['valibot', '@tensorflow/tfjs-core'])).toBeUndefined();
  expect(missingPackages(['valibot', '@nem/nothing', '@nem/naught'])).toEqual({
    reason: 'the npm packages @nem/nothing and @nem/naught are not installed',
    remedy: 'npm install @nem/nothing @nem/naught',
  });
  expect(() => requirePackages("the engine 'cpu'", ['@nem/nothing'])).toThrow(
    "the engine 'cpu' does not start: the npm package @nem/nothing is not installed: run npm install @nem/nothing.",
  );
});

it('a package that only NODE_PATH has is not installed: import does not find it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nem-node-path-'));
  const readNodePath = () => (Module as unknown as { _initPaths(): void })._initPaths();
  try {
    mkdirSync(join(folder, 'nem-elsewhere'));
    writeFileSync(join(folder, 'nem-elsewhere/package.json'), '{"main":"index.js"}');
    writeFileSync(join(folder, 'nem-elsewhere/index.js'), '');
    vi.stubEnv('NODE_PATH', folder);
    readNodePath();
    expect(createRequire(import.meta.url).resolve('nem-elsewhere')).toContain(folder);
    expect(missingPackages(['nem-elsewhere'])?.remedy).toBe('npm install nem-elsewhere');
  } finally {
    vi.unstubAllEnvs();
    readNodePath();
    rmSync(folder, { recursive: true });
  }
});
