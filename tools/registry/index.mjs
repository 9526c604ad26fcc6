// An npm registry (verdaccio) on a free port of this machine, for tests that publish our packages and install them again.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

export { packWorkspace, pnpm } from './pack.mjs';
export { run } from './run.mjs';

/**
 * The lines of an `.npmrc` where our packages are published and installed: those of the scope `@nem` go to the registry at `url`,
 * all others come from where npm is set up to take them. The token is any: the registry lets everyone publish.
 */
export function npmrc(url) {
  return `@nem:registry=${url}\n${url.replace(/^http:/, '')}:_authToken=anyone\n`;
}

/** What the user has set up for npm, such as a mirror or its certificate. */
function userSettings() {
  const file = process.env.npm_config_userconfig ?? join(homedir(), '.npmrc');
  return existsSync(file) ? `${readFileSync(file, 'utf8')}\n` : '';
}

async function addressOf(child) {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The registry ended with exit code ${code} before it listened.`);
  });
  ended.catch(() => {});
  const [url] = await Promise.race([once(child, 'message'), ended]);
  return url;
}

/**
 * Starts an empty registry in a process of its own, so that a caller may block while npm talks to it.
 *
 * Resolves to its address `url` (it ends with a slash); `env`, the environment in which npm, pnpm and changesets publish to it
 * and install our packages from it; `publish(tarball)`, which publishes a packed package and rejects with npm's words where that
 * fails; and `close()`, which ends it and removes what it stored.
 */
export async function startRegistry() {
  const folder = mkdtempSync(join(tmpdir(), 'nem-registry-'));
  const child = fork(fileURLToPath(new URL('./server.mjs', import.meta.url)), [folder], { execArgv: [] });
  const ended = once(child, 'exit');
  const url = await addressOf(child);
  const userconfig = join(folder, 'npmrc');
  writeFileSync(userconfig, userSettings() + npmrc(url), { mode: 0o600 });
  const env = { ...process.env, npm_config_userconfig: userconfig };
  return {
    url,
    env,
    async publish(tarball) {
      await run('npm', ['publish', tarball, '--ignore-scripts', '--provenance=false'], { cwd: folder, env });
    },
    async close() {
      child.disconnect();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
