import { toBase64 } from '../base64.js';
import { element, escapeXml } from '../svg.js';
import type { DocumentBlock, DocumentCell, DocumentTable, ReportDocument } from './document.js';
import { linkTarget } from './markdown-text.js';

const STYLE = `
:root{color-scheme:light dark;--ink:#1f2328;--note:#57606a;--paper:#fff;--line:#d0d7de;--card:#f6f8fa;--link:#0a58ca;--notice:#fff8c5}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--note:#9ea7b3;--paper:#0d1117;--line:#30363d;--card:#161b22;--link:#79b8ff;--notice:#3a2f0b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
main,header{max-width:60rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}main{padding-bottom:3rem}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.35rem;margin:2.5rem 0 .75rem}
a{color:var(--link)}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;list-style:none}
nav a{display:inline-block;padding:.25rem 0}
.notice{background:var(--notice);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem}
.scroll{overflow-x:auto;margin:1rem 0}.scroll:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;font-size:.95rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.25rem 0 .5rem}
th,td{border-bottom:1px solid var(--line);padding:.4rem .75rem .4rem 0;text-align:left;vertical-align:top}
th.n,td.n{text-align:right;white-space:nowrap}tbody th{font-weight:400;min-width:9rem}
figure{margin:1.5rem 0;border:1px solid var(--line);border-radius:.5rem;background:var(--card);padding:.5rem}
figure .scroll{margin:0}figure img{display:block;height:auto;max-width:none;width:100%;min-width:34rem}
figure img.picture{background:#fff;border-radius:.25rem}
figcaption{color:var(--note);padding:.5rem .25rem 0;font-size:.95rem}
@media print{figure,tr{break-inside:avoid}h2,caption{break-after:avoid}figure img{min-width:0;max-height:22cm;object-fit:contain}}`.trim();

const dataUri = (type: string, content: string | Uint8Array) => `data:${type};base64,${toBase64(content)}`;

/** What may be wider than a phone scrolls by itself, with the keyboard too. */
const scrolling = (label: string, markup: string) =>
  element('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 }, markup);

const cellMarkup = (cell: DocumentCell) =>
  typeof cell === 'string' ? escapeXml(cell) : element('code', {}, escapeXml(cell.code));

function table({ caption, head, rows, numeric }: DocumentTable): string {
  const style = (column: number) => (numeric.includes(column) ? 'n' : undefined);
  const heads = head.map((text, i) => element('th', { scope: 'col', class: style(i) }, escapeXml(text)));
  const body = rows.map((cells) => {
    const marked = cells.map((cell, i) =>
      i === 0
        ? element('th', { scope: 'row' }, cellMarkup(cell))
        : element('td', { class: style(i) }, cellMarkup(cell)),
    );
    return element('tr', {}, ...marked);
  });
  return scrolling(
    caption ?? head.join(', '),
    element(
      'table',
      {},
      ...(caption === undefined ? [] : [element('caption', {}, escapeXml(caption))]),
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...body),
    ),
  );
}

function block(content: DocumentBlock): string {
  switch (content.type) {
    case 'paragraph':
      return element('p', {}, escapeXml(content.text));
    case 'table':
      return table(content);
    case 'chart': {
      const dark = { media: '(prefers-color-scheme: dark)', srcset: dataUri('image/svg+xml', content.dark) };
      const image = element('img', { src: dataUri('image/svg+xml', content.light), alt: content.title });
      return figure(content.title, content.caption, element('picture', {}, element('source', dark), image));
    }
    case 'linked picture': {
      const { title, png, svg } = content;
      const link = element('a', { href: linkTarget(svg) }, 'The same as SVG');
      return figure(
        title,
        title,
        element('img', { class: 'picture', src: linkTarget(png), alt: title, loading: 'lazy' }),
        ' ',
        link,
      );
    }
    case 'picture': {
      const src = dataUri('image/png', content.png);
      return figure(
        content.alt,
        content.caption,
        element('img', { class: 'picture', src, alt: content.alt, loading: 'lazy' }),
      );
    }
    default:
      return content satisfies never;
  }
}

/** @param more markup behind the caption */
const figure = (label: string, caption: string, markup: string, ...more: string[]) =>
  element('figure', {}, scrolling(label, markup), element('figcaption', {}, escapeXml(caption), ...more));

/** A report as one page, which needs no other file but for linked pictures: readable on phones, with the keyboard, by day and by night. */
export function documentHtml({ title, notice, introduction, sections }: ReportDocument): string {
  const links = sections.map(({ id, title: name }) =>
    element('li', {}, element('a', { href: `#${id}` }, escapeXml(name))),
  );
  const header = element(
    'header',
    {},
    element('h1', {}, escapeXml(title)),
    ...(notice ? [element('p', { class: 'notice', role: 'note' }, escapeXml(notice))] : []),
    ...(introduction ? [element('p', {}, escapeXml(introduction))] : []),
    element('nav', { 'aria-label': 'Contents' }, element('ul', {}, ...links)),
  );
  const body = sections.map((section) =>
    element(
      'section',
      { 'aria-labelledby': section.id },
      element('h2', { id: section.id }, escapeXml(section.title)),
      ...section.blocks.map(block),
    ),
  );
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeXml(title)}</title><style>${STYLE}</style></head>`,
    `<body>${header}${element('main', {}, ...body)}</body>`,
    '</html>\n',
  ].join('\n');
}
