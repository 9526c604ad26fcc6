// Where things stand in the repository, and which page of the site shows them.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, and the folder of the site's pages. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const content = fileURLToPath(new URL('../content/', import.meta.url));

export const read = (path) => readFileSync(join(root, path), 'utf8');
export const exists = (path) => existsSync(join(root, path));

/** The names of the packages, without their scope: those folders of `packages` that have a manifest. */
export const packages = readdirSync(join(root, 'packages'))
  .filter((name) => exists(`packages/${name}/package.json`))
  .sort();

/** Whether a package has a page of its API: one of data alone has nothing to build, and nothing to describe. */
export const hasReference = (name) => exists(`packages/${name}/tsup.config.ts`);

/** Those that have a README: the newest may not yet. */
const readmes = packages.filter((name) => exists(`packages/${name}/README.md`));

/** Pages that are made of files which stand elsewhere in the repository: the file by its page's path. */
export const PAGES = {
  'method.md': 'docs/method.md',
  'recipes.md': 'docs/recipes.md',
  'architecture.md': 'docs/architecture.md',
  'contributing.md': 'CONTRIBUTING.md',
  ...Object.fromEntries(readmes.map((name) => [`packages/${name}.md`, `packages/${name}/README.md`])),
};

const pageOf = {
  ...Object.fromEntries(Object.entries(PAGES).map(([page, file]) => [file, `/${page}`])),
  ...Object.fromEntries(readmes.map((name) => [`packages/${name}`, `/packages/${name}.md`])),
  'README.md': '/index.md',
  results: '/results/index.md',
  'results/README.md': '/results/index.md',
};

/** The page of the site that shows a file or folder of the repository; else the page of its source. Pictures of results are as they are. */
function shownAt(path, anchor) {
  if (/^results\/.*\.(png|svg|gif)$/.test(path) && exists(path)) return `/${path}`;
  if (pageOf[path]) return `${pageOf[path]}${anchor}`;
  if (exists(path) && statSync(join(root, path)).isFile()) return `/source/${path}.html${anchor}`;
  return undefined;
}

/** Where the repository is on the web: what is shipped links there, because a tarball has no other file of it. */
const home = JSON.parse(read('package.json')).homepage.replace(/#.*/, '');

/** A document whose links to files of the repository on the web are links within it. */
const withinRepository = (markdown, file) =>
  markdown.replace(
    new RegExp(`\\]\\(${home}/(?:blob|tree)/main/`, 'g'),
    `](${posix.relative(posix.dirname(file), '.') || '.'}/`,
  );

/**
 * A document with its links to files of the repository, also on the web, and to our packages on npm, turned into links within the
 * site. What the site does not show (a folder) stays as text in typewriter letters.
 * @param file of the repository, whose folder relative links start from
 */
export function relinked(markdown, file) {
  const here = withinRepository(markdown, file).replace(
    /https:\/\/www\.npmjs\.com\/package\/@nem\/([a-z]+)/g,
    (url, name) => (readmes.includes(name) ? `/packages/${name}.md` : url),
  );
  return here.replace(/(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g, (whole, image, text, target) => {
    if (/^[a-z]+:|^#|^\/packages\//.test(target)) return whole;
    const [, path, anchor] = /^([^#]*)(#.*)?$/.exec(target);
    const resolved = posix.join(posix.dirname(file), path).replace(/\/$/, '');
    if (image) return `![${text}](/${resolved})`;
    const page = shownAt(resolved, anchor ?? '');
    return page ? `[${text}](${page})` : text;
  });
}
