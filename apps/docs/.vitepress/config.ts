import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { diagrams } from './diagrams.js';
import { formulas } from './math.js';

const content = (path: string) => fileURLToPath(new URL(`../content/${path}`, import.meta.url));

const guides: DefaultTheme.SidebarItem[] = [
  {
    text: 'Guides',
    items: [
      { text: 'What it is', link: '/guide/what-it-is' },
      { text: 'Install', link: '/guide/install' },
      { text: 'First training', link: '/guide/first-training' },
      { text: 'Using a trained model', link: '/guide/trained-models' },
      { text: 'Your own dataset', link: '/guide/own-dataset' },
      { text: 'Your own network', link: '/guide/own-network' },
      { text: 'The metrics alone', link: '/guide/metrics' },
      { text: 'Engines', link: '/guide/engines' },
      { text: 'Reproducing the paper', link: '/guide/reproducing' },
      { text: 'Resuming', link: '/guide/resuming' },
      { text: 'Clusters', link: '/guide/clusters' },
    ],
  },
  {
    text: 'Packages',
    items: (existsSync(content('packages')) ? readdirSync(content('packages')) : [])
      .map((file) => file.slice(0, -'.md'.length))
      .sort()
      .map((name) => ({ text: `@nem/${name}`, link: `/packages/${name}` })),
  },
  {
    text: 'Background',
    items: [
      { text: 'The method', link: '/method' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Architecture and glossary', link: '/architecture' },
      { text: 'Contributing', link: '/contributing' },
      { text: 'Changelog', link: '/changelog' },
    ],
  },
];

/** The pages that scripts/api.mjs made of the packages' doc comments: `core/tensorflow` stands in `api/core-tensorflow.md`. */
function reference(): DefaultTheme.SidebarItem[] {
  if (!existsSync(content('api'))) return [];
  const pages = readdirSync(content('api')).filter((file) => file.endsWith('.md') && file !== 'index.md');
  const items = pages.map((file) => file.slice(0, -'.md'.length)).sort();
  return [
    {
      text: 'API reference',
      link: '/api/',
      items: items.map((name) => ({ text: `@nem/${name.replace('-', '/')}`, link: `/api/${name}` })),
    },
  ];
}

const base = process.env.NEM_DOCS_BASE ?? '/nem/';

/** The anchor of a heading as GitHub makes it: lower case, without punctuation, spaces as hyphens. */
const slugify = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** Browsers that run the site take woff2: KaTeX's fonts are not needed in two older forms. */
const modernFonts = {
  name: 'modern-fonts',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    id.includes('katex') && id.includes('.css')
      ? code.replace(/,url\([^)]*\.(woff|ttf)\) format\("\w+"\)/g, '')
      : undefined,
};

export default defineConfig({
  title: '@nem',
  description:
    'Neural Expectation Maximization in TypeScript: it learns to separate images and videos into objects without a label.',
  lang: 'en',
  // Where the site is published, with a slash at both ends: all paths in the pages start with it.
  base,
  srcDir: 'content',
  outDir: 'dist',
  // Pages of sources are written after VitePress has looked; test/links.test.ts looks at every link.
  ignoreDeadLinks: [/^\/source\//],
  metaChunk: true,
  head: [['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }]],
  markdown: {
    config(markdown) {
      formulas(markdown);
      diagrams(markdown);
    },
    // Anchors are GitHub's, so that links in the documents hold here and there.
    anchor: { slugify },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  vite: { worker: { format: 'es' }, plugins: [modernFonts], build: { chunkSizeWarningLimit: 2000 } },
  // What a visitor has not asked for is not sent.
  router: { prefetchLinks: false },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Guides', link: '/guide/what-it-is', activeMatch: '/guide/' },
      { text: 'Method', link: '/method' },
      { text: 'Train here', link: '/train' },
      { text: 'Your image', link: '/your-image' },
      { text: 'API', link: '/api/', activeMatch: '/api/' },
      { text: 'Results', link: '/results/' },
    ],
    sidebar: {
      '/api/': reference(),
      '/guide/': guides,
      '/packages/': guides,
      '/method': guides,
      '/recipes': guides,
      '/architecture': guides,
      '/contributing': guides,
      '/changelog': guides,
    },
    // Shown too where a page does not come over a lost connection.
    notFound: {
      quote: 'There is no such page here, or it could not be loaded.',
      linkText: 'To the first page',
    },
    footer: { message: 'MIT licence. Nothing on this site asks another server for anything.' },
  },
});
