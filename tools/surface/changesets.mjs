// Public changes without a changeset: `node tools/surface/changesets.mjs` fails where a commit since a package's last release
// changed one of its API reports, and no changeset that names the package came with it, after it, or since the change before it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const workspace = fileURLToPath(new URL('../..', import.meta.url));

/** Git's answer, as lines; undefined where it refuses. */
function ask(root, ...args) {
  try {
    const text = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text.split('\n').filter((line) => line !== '');
  } catch {
    return undefined;
  }
}

/** The tag of a package's last release before HEAD, as `changeset publish` sets it; undefined before the first one. */
const lastRelease = (root, name) => ask(root, 'describe', '--tags', '--abbrev=0', '--match', `${name}@*`)?.[0];

/** The names in a changeset's front matter. */
function namesOf(lines) {
  const end = lines.indexOf('---', 1);
  return lines.slice(1, end).flatMap((line) => /^['"](.+)['"]: \w+$/.exec(line)?.[1] ?? []);
}

/** The packages named by the changesets that a commit adds, edits or (as a release does) removes. */
function namedBy(root, commit) {
  const changes =
    ask(root, 'show', '--format=', '--name-status', '--no-renames', commit, '--', '.changeset/*.md') ?? [];
  return changes.flatMap((change) => {
    const [status, file] = change.split('\t');
    return namesOf(ask(root, 'show', `${commit}${status === 'D' ? '^' : ''}:${file}`) ?? []);
  });
}

/** Commits since a revision (all, without one) that do something to files, the newest first. */
function commits(root, since, filter, ...files) {
  const range = since ? [`${since}..HEAD`] : ['HEAD'];
  return ask(root, 'log', '--format=%H', '--no-renames', `--diff-filter=${filter}`, ...range, '--', ...files) ?? [];
}

const isBefore = (root, commit, later) => ask(root, 'merge-base', '--is-ancestor', commit, later) !== undefined;

/** Files with changes that are not committed, as `git status --porcelain` tells of them. */
const uncommitted = (root, ...files) =>
  ask(root, 'status', '--porcelain', '--no-renames', '-uall', '--', ...files) ?? [];

/** The packages that uncommitted changesets name. */
const namedNow = (root) =>
  uncommitted(root, '.changeset/*.md').flatMap((line) => {
    const path = join(root, line.slice(3));
    return existsSync(path) ? namesOf(readFileSync(path, 'utf8').split('\n')) : [];
  });

/** Those of `changes` (the newest first) for which there is no commit with a changeset of their own. */
function uncovered(root, changes, told, reports) {
  const free = told.toReversed();
  return changes.toReversed().filter((change) => {
    const [before] = ask(root, 'log', '-1', '--format=%H', `${change}^`, '--', reports) ?? [];
    const own = free.findIndex((commit) => before === undefined || !isBefore(root, commit, before));
    if (own >= 0) free.splice(own, 1);
    return own < 0;
  });
}

/**
 * The public changes of a package that no changeset tells of: hashes of commits, and 'uncommitted'. A report's first version is no
 * change. A clone without history has none.
 */
export function withoutChangeset(name, root = workspace) {
  const reports = `packages/${name.replace(/^@.*\//, '')}/api/*.api.md`;
  const since = lastRelease(root, name);
  const changes = commits(root, since, 'MD', reports);
  const now = uncommitted(root, reports).some((line) => !/^(\?\?|A)/.test(line)) ? ['uncommitted'] : [];
  if (changes.length + now.length === 0 || namedNow(root).includes(name)) return [];
  const first = commits(root, since, 'A', reports).at(-1);
  const later = commits(root, since ?? first, 'AMD', '.changeset/*.md');
  const told = later.filter((commit) => namedBy(root, commit).includes(name));
  return [...uncovered(root, changes, told, reports), ...now];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { ENTRIES } = await import('./api.mjs');
  for (const name of new Set(ENTRIES.map((entry) => `@nem/${entry.name}`))) {
    for (const change of withoutChangeset(name)) {
      process.exitCode = 1;
      console.error(`${name} changed what it exports (${change}): describe the change with npx changeset.`);
    }
  }
}
