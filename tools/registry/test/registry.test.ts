import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { npmrc, pnpm, type Registry, run, startRegistry } from '../index.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nem-registry-test-'));
let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true });
});

/** Packs a package of one file and publishes it. */
async function publish(name: string, version: string) {
  const at = join(folder, version);
  mkdirSync(at);
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }));
  writeFileSync(join(at, 'index.js'), `module.exports = '${version}';\n`);
  const { stdout } = await run('npm', ['pack', '--json'], { cwd: at });
  await registry.publish(join(at, JSON.parse(stdout)[0].filename));
}

it('takes each version of a package once, and gives it to npm and pnpm', async () => {
  await publish('@nem/one', '0.1.0');
  await publish('@nem/one', '0.1.1');
  const { stdout } = await run('npm', ['view', '@nem/one', 'versions', '--json'], { env: registry.env });
  expect(JSON.parse(stdout)).toEqual(['0.1.0', '0.1.1']);

  const user = join(folder, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{"dependencies":{"@nem/one":"~0.1.0"}}');
  writeFileSync(join(user, '.npmrc'), npmrc(registry.url));
  await pnpm(['install'], { cwd: user });
  expect(readFileSync(join(user, 'node_modules/@nem/one/index.js'), 'utf8')).toContain('0.1.1');

  const again = registry.publish(join(folder, '0.1.1', 'nem-one-0.1.1.tgz'));
  await expect(again).rejects.toThrow(/cannot publish over|already present/i);
});
