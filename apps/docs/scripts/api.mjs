// Makes the API reference of every package from the doc comments of its sources.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';
import { content, exists, hasReference, packages, read, root } from './repository.mjs';

/** The entries of a package by their import: what its tsup.config.ts builds of what its manifest exports. */
function entries(name) {
  const { exports } = JSON.parse(read(`packages/${name}/package.json`));
  const builds = read(`packages/${name}/tsup.config.ts`);
  // What has no types is a file, such as weights.
  const imports = Object.keys(exports).filter((path) => typeof exports[path] === 'object');
  return imports.flatMap((path) => {
    const built = path === '.' ? 'index' : path.slice(2);
    const source = new RegExp(`['"]?\\b${built}['"]?: '(src/[^']+)'`).exec(builds)?.[1] ?? `src/${built}.ts`;
    const file = `packages/${name}/${source}`;
    if (!exists(file)) throw new Error(`${file}, which ${path} of @nem/${name} should be built from, is not there.`);
    return [{ page: `${name}${path.slice(1)}`.replace('/', '-'), title: `@nem/${name}${path.slice(1)}`, file }];
  });
}

const all = packages.filter(hasReference).flatMap(entries);
const out = join(content, 'api');

const options = {
  entryPoints: all.map(({ file }) => join(root, file)),
  tsconfig: fileURLToPath(new URL('../tsconfig.api.json', import.meta.url)),
  basePath: root,
  plugin: ['typedoc-plugin-markdown'],
  outputs: [{ name: 'markdown', path: out }],
  readme: 'none',
  // The site has the sources too, each line under its number.
  disableGit: true,
  sourceLinkTemplate: '/source/packages/{path}.html#L{line}',
  gitRevision: 'main',
  sort: ['source-order'],
  groupOrder: ['Functions', 'Classes', 'Variables', 'Interfaces', 'Type Aliases', '*'],
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  logLevel: 'Error',
  skipErrorChecking: true,
  validation: false,
  outputFileStrategy: 'modules',
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  expandObjects: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
  enumMembersFormat: 'table',
  tableColumnSettings: { hideSources: true, hideInherited: true, hideOverrides: true },
};

const INDEX = [
  '# API reference',
  'Made from the doc comments of the sources. Each entry says where it is defined and links to that line.',
  '| import | in short |\n| --- | --- |',
].join('\n\n');

const descriptionOf = (name) => JSON.parse(read(`packages/${name}/package.json`)).description;

/** Where something is defined; nothing for what comes from elsewhere, such as members of JavaScript's own errors. */
const sourceLink = (_, link) =>
  /^\/source\/packages\/\w+\/src\//.test(link) ? `<span class="defined">[source](${link})</span>` : '';

/** The anchors of a page's headings, as .vitepress/config.ts makes them: a repeated one gets a number. */
function anchors(markdown) {
  const seen = new Set();
  for (const [, heading] of markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let unique = slug;
    for (let i = 1; seen.has(unique); i++) unique = `${slug}-${i}`;
    seen.add(unique);
  }
  return seen;
}

/** TypeDoc numbers repeated anchors in another order where names differ in case: a link then goes to the last of them. */
function fixedAnchors(markdown) {
  const known = anchors(markdown);
  return markdown.replaceAll(/\(#([\w-]+)-(\d+)\)/g, (link, name, number) => {
    if (known.has(`${name}-${number}`) || markdown.includes(`id="${name}-${number}"`)) return link;
    for (let i = number - 1; i > 0; i--) if (known.has(`${name}-${i}`)) return `(#${name}-${i})`;
    return `(#${name})`;
  });
}

/** Gives each page its import's name, and says what the plugin says in our words. */
function polish() {
  for (const { page, title } of all) {
    const path = join(out, `${page}.md`);
    const [, ...rest] = readFileSync(path, 'utf8').split('\n');
    const name = /^@nem\/(\w+)/.exec(title)[1];
    const about = exists(`packages/${name}/README.md`)
      ? `[What @nem/${name} is and how it is used](/packages/${name}.md)\n`
      : '';
    const lead = `# ${title}\n\n${about}`;
    const body = rest.join('\n').replaceAll(/^Defined in: \[[^\]]*\]\(([^)]*)\)$/gm, sourceLink);
    writeFileSync(path, `---\noutline: [2, 3]\neditLink: false\n---\n\n${lead}${fixedAnchors(body)}`);
  }
  const rows = all.map(({ page, title }) => `| [\`${title}\`](${page}.md) | ${descriptionOf(page.split('-')[0])} |`);
  writeFileSync(join(out, 'index.md'), `${INDEX}\n${rows.join('\n')}\n`);
}

async function makeReference() {
  const app = await Application.bootstrapWithPlugins(options);
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the packages.');
  for (const module of project.children ?? []) {
    const file = module.sources?.[0]?.fileName ?? '';
    const entry = all.find((candidate) => file.endsWith(candidate.file));
    if (!entry) throw new Error(`${module.name} (${file}) is no entry of a package.`);
    module.name = entry.page;
  }
  rmSync(out, { recursive: true, force: true });
  await app.generateOutputs(project);
}

await makeReference();
polish();
