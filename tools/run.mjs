// `npm start` and `npm test` on a machine that has only Node and npm: installs the pinned pnpm (into npm's cache), the
// dependencies (from the lockfile), and runs turbo. Needs the npm registry and nothing else.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { packageManager, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
};

/** Runs `pnpm …args` with the pinned version, fetching it through npm where it is not installed. */
function pnpm(...args) {
  const command = ['exec', '--yes', `--package=${packageManager}`, '--', 'pnpm', ...args];
  const { status, signal, error } = spawnSync('npm', command, {
    cwd: root,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error)
    fail(
      `npm could not be started (${error.message}); install Node ${engines.node.replace('>=', '')} or newer, which brings npm.`,
    );
  if (signal) process.exit(130);
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantMajor, wantMinor] = engines.node.replace('>=', '').split('.').map(Number);
  if (major < wantMajor || (major === wantMajor && minor < wantMinor)) {
    fail(
      `Node ${process.versions.node} is too old: this workspace needs Node ${engines.node.replace('>=', '')} or newer.`,
    );
  }
}

/** Where each package has vitest's JSON report, if it has one. */
function testReports() {
  const folders = ['packages', 'apps', 'tools'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => join(root, kind, name)),
  );
  return folders
    .map((folder) => ({ folder, file: join(folder, 'test-results.json') }))
    .filter(({ file }) => existsSync(file));
}

/**
 * Notes which tests of a package were skipped and when, in a file that is among the inputs of the task `test`: the next `npm test` then
 * runs them again, as what they need may be installed by then, where turbo would take the results from its cache.
 */
function noteSkipped(folder, skipped) {
  if (skipped.length > 0) writeFileSync(join(folder, 'test-skipped.json'), JSON.stringify({ at: new Date(), skipped }));
}

/**
 * Names every skipped test and sums the packages' results; fails on a skipped test where NEM_REQUIRE_PEERS is set, but for those
 * whose names hold NEM_WITHOUT: a peer that the machine cannot have.
 */
function summarize() {
  const { NEM_REQUIRE_PEERS: required, NEM_WITHOUT: without } = process.env;
  let missed = 0;
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { folder, file } of testReports()) {
    const results = JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap(
      ({ assertionResults }) => assertionResults,
    );
    for (const status of ['passed', 'failed'])
      totals[status] += results.filter((test) => test.status === status).length;
    const skipped = results.filter(({ status }) => !Object.hasOwn(totals, status)).map(({ fullName }) => fullName);
    for (const name of skipped) console.log(`skipped: ${relative(root, folder)}: ${name}`);
    totals.skipped += skipped.length;
    missed += skipped.filter((name) => !without || !name.includes(without)).length;
    noteSkipped(folder, skipped);
  }
  if (totals.passed === 0) fail('no test ran: every package writes test-results.json, see its vitest.config.ts.');
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  if (missed > 0 && required) {
    fail('NEM_REQUIRE_PEERS is set and a test was skipped: install the browser, driver or Python package it names.');
  }
}

const jobs = {
  start() {
    pnpm('install', '--frozen-lockfile');
    pnpm('turbo', 'run', 'train');
  },
  build() {
    pnpm('install', '--frozen-lockfile');
    pnpm('turbo', 'run', 'build');
  },
  /** What needs no driver, engine or peer; {@link jobs.test} finds it done. */
  check() {
    pnpm('turbo', 'run', 'lint', 'typecheck', '--concurrency=2');
  },
  test() {
    for (const { file } of testReports()) rmSync(file);
    pnpm('install', '--frozen-lockfile');
    // Each test run uses every core by itself: more at once only makes each slower.
    pnpm('turbo', 'run', 'lint', 'typecheck', 'test', '--concurrency=2');
    summarize();
  },
};

const [, , job] = process.argv;
if (!Object.hasOwn(jobs, job ?? '')) fail(`unknown job '${job ?? ''}'; use one of: ${Object.keys(jobs).join(', ')}.`);
requireNode();
jobs[job]();
