// Makes the pages of what stands elsewhere in the repository: documents, READMEs, changes, results.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { content, exists, hasReference, PAGES, packages, read, relinked, root } from './repository.mjs';

function write(page, markdown) {
  const path = join(content, page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, markdown);
}

function documents() {
  for (const [page, file] of Object.entries(PAGES)) {
    const name = /^packages\/(.*)\.md$/.exec(page)?.[1];
    const reference = name && hasReference(name) ? `\n[API reference of @nem/${name}](/api/${name}.md)\n` : '';
    write(page, `---\neditLink: false\n---\n\n${relinked(read(file), file)}${reference}`);
  }
}

/** What a changeset says of each package: its frontmatter names them with the kind of release. */
function change(file) {
  const [, frontmatter, text] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(read(`.changeset/${file}`)) ?? [];
  if (!frontmatter) return [];
  return [...frontmatter.matchAll(/^['"](.+?)['"]: (\w+)$/gm)].map(([, name, kind]) => ({
    name,
    kind,
    text: text.trim(),
  }));
}

const KINDS = { major: 'Breaking', minor: 'New', patch: 'Fixed' };

function unreleased(name) {
  const all = readdirSync(join(root, '.changeset'))
    .filter((file) => file.endsWith('.md'))
    .flatMap(change);
  const own = all.filter((entry) => entry.name === `@nem/${name}`);
  const item = ({ kind, text }) => `- **${KINDS[kind]}.** ${text.replaceAll('\n', '\n  ')}`;
  return own.length ? [`### Not released yet`, own.map(item).join('\n')] : [];
}

/** A package's CHANGELOG.md below its own heading. */
function released(name) {
  const file = `packages/${name}/CHANGELOG.md`;
  return exists(file)
    ? [
        read(file)
          .replace(/^# .*\n/, '')
          .replace(/^(#+) /gm, '#$1 '),
      ]
    : [];
}

function changelog() {
  const parts = packages.flatMap((name) => {
    const { version } = JSON.parse(read(`packages/${name}/package.json`));
    return [`## @nem/${name}`, `Version ${version}.`, ...unreleased(name), ...released(name)];
  });
  const lead =
    'What changed for those who use a package. The newest stands first; versions follow semantic versioning.';
  write('changelog.md', ['---\noutline: 2\n---', '# Changelog', lead, ...parts].join('\n\n'));
}

const NO_RESULTS = `# Results

The tables and figures of the paper, from our own runs, stand here once the runs are in the repository's folder \`results\`.
Each is made by one command, which anybody can run:

\`\`\`sh
nem reproduce static
\`\`\`

[Reproducing the paper](/guide/reproducing.md) says what the command trains, how long that takes and what it writes.
`;

/** The folder \`results\` as it is: its README is the page, its figures stand beside it. */
function results() {
  if (!exists('results/README.md')) return write('results/index.md', NO_RESULTS);
  write('results/index.md', relinked(read('results/README.md'), 'results/README.md'));
  const figures = (path) => !/\.[a-z]+$/.test(path) || /\.(png|svg|gif)$/.test(path);
  cpSync(join(root, 'results'), join(content, 'public/results'), { recursive: true, filter: figures });
}

/** The pictures of the READMEs, by their places in the repository. */
function pictures() {
  for (const folder of ['docs/pictures', ...packages.map((name) => `packages/${name}/pictures`)]) {
    if (exists(folder)) cpSync(join(root, folder), join(content, 'public', folder), { recursive: true });
  }
}

/** The networks of @nem/models, which run in the page. */
function weights() {
  const folder = join(root, 'packages/models/weights');
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.safetensors')) cpSync(join(folder, file), join(content, 'public/models', file));
  }
}

for (const folder of [
  'results',
  'packages',
  ...['results', 'models', 'docs', 'packages'].map((name) => `public/${name}`),
])
  rmSync(join(content, folder), { recursive: true, force: true });
documents();
changelog();
results();
pictures();
weights();
