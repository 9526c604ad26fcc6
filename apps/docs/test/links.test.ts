import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, it } from 'vitest';
import { BASE, DIST, pages } from './site.fixture.js';

/** Values of an attribute in a page, with its character references. */
const attributes = (html: string, name: string) =>
  [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value.replaceAll('&amp;', '&'));

const site = new Map(
  pages().map((path) => {
    const html = readFileSync(join(DIST, path), 'utf8');
    return [path, { html, ids: new Set(attributes(html, 'id')) }];
  }),
);

/** What is wrong with a link from a page; undefined where nothing is. */
function fault(from: string, link: string): string | undefined {
  if (/^(https?|mailto|data):/.test(link)) return undefined;
  const [path = '', anchor] = link.split('#');
  if (path.startsWith('/') && !path.startsWith(BASE)) return 'leaves the base';
  const inside = path.startsWith('/') ? path.slice(BASE.length) : posix.join(posix.dirname(from), path);
  const target = path === '' ? from : inside === '' || inside.endsWith('/') ? `${inside}index.html` : inside;
  if (!existsSync(join(DIST, target))) return 'leads nowhere';
  if (!anchor || !target.endsWith('.html')) return undefined;
  return site.get(target)?.ids.has(decodeURIComponent(anchor)) ? undefined : 'has no such anchor';
}

it('has every page that there should be', () => {
  expect([...site.keys()]).toEqual(
    expect.arrayContaining([
      'index.html',
      'method.html',
      'train.html',
      'your-image.html',
      'api/core.html',
      'results/index.html',
      'changelog.html',
      'guide/install.html',
    ]),
  );
});

it('has no link or picture that leads nowhere', () => {
  const faults = [...site].flatMap(([from, { html }]) =>
    ['href', 'src'].flatMap((name) =>
      [...new Set(attributes(html, name))].flatMap((link) => {
        const wrong = fault(from, link);
        return wrong ? [`${from}: ${link} ${wrong}`] : [];
      }),
    ),
  );
  expect(faults).toEqual([]);
});

it('sets the method’s formulas when it is built', () => {
  const { html = '' } = site.get('method.html') ?? {};
  expect(html.match(/class="katex-display"/g)?.length).toBeGreaterThanOrEqual(6);
  expect(html).toContain('<math');
  // No formula is left as text.
  expect(html.replace(/<annotation[\s\S]*?<\/annotation>/g, '')).not.toMatch(/\\(psi|gamma|theta|sum|frac)\b/);
});

it('draws the diagrams of the architecture when it is built', () => {
  const { html = '' } = site.get('architecture.html') ?? {};
  expect(html.match(/<svg role="img" aria-label="A diagram with arrows from /g)).toHaveLength(2);
  expect(html).not.toContain('language-mermaid');
});

it('says in every page of the API where things are defined', () => {
  for (const [path, { html }] of site) {
    if (path.startsWith('api/') && path !== 'api/index.html')
      expect(html, path).toMatch(/href="[^"]*\/source\/packages\/[^"]+\.ts\.html#L\d+"/);
  }
});
