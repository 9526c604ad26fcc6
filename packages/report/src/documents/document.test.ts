import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DocumentSection, ReportDocument } from './document.js';
import { documentHtml } from './document-html.js';
import { documentMarkdown } from './document-markdown.js';

const document: ReportDocument = {
  title: 'Results <b>& more</b>',
  notice: 'A rehearsal',
  introduction: 'What this is.',
  sections: [
    {
      id: 'one',
      title: 'Section one',
      blocks: [
        { type: 'paragraph', text: 'Text *not bold* <script>alert(1)</script>' },
        { type: 'table', caption: 'Scores', head: ['network', 'AMI'], rows: [['a|b', '0.5']], numeric: [1] },
        {
          type: 'chart',
          title: 'Loss',
          caption: 'It falls.',
          file: 'loss',
          light: '<svg>light</svg>',
          dark: '<svg>dark</svg>',
        },
        { type: 'table', head: ['setting', 'x'], rows: [[{ code: 'a|<b>' }, '-0.5 ± 0.25']], numeric: [] },
        { type: 'linked picture', title: 'Curves', png: 'my curves.png', svg: 'curves.svg' },
        { type: 'picture', caption: 'Overview', alt: 'Groups.', file: 'overview', png: Uint8Array.of(1, 2, 3) },
      ],
    },
  ],
};

describe('documentMarkdown', () => {
  it('has headings, a table and pictures, with markup escaped', () => {
    const text = documentMarkdown(document);
    expect(text).toContain('# Results &lt;b&gt;&amp; more');
    expect(text).toContain('> **A rehearsal**');
    expect(text).toContain('| network | AMI |\n| --- | ---: |\n| a\\|b | 0.5 |');
    expect(text).toContain('![Loss](loss.png)\n\n_It falls._');
    expect(text).toContain('![Groups.](overview.png)\n\n_Overview_');
    expect(text).not.toContain('<script>');
  });

  it('has tables without a caption, code in cells, and pictures of other files under a heading', () => {
    const text = documentMarkdown({ ...document, introduction: undefined });
    expect(text).toContain('\n\n| setting | x |\n| --- | --- |\n| `a\\|<b>` | -0.5');
    expect(text).toContain('### Curves\n\n![Curves](my%20curves.png)\n\n[The same as SVG](curves.svg)');
    expect(text).toContain('> **A rehearsal**\n\n## Section one');
  });
});

describe('documentHtml', () => {
  const page = documentHtml(document);

  it('needs no other file, without linked pictures, and runs nothing', () => {
    const [{ blocks, ...section }] = document.sections as [DocumentSection];
    const own = blocks.filter(({ type }) => type !== 'linked picture');
    const whole = documentHtml({ ...document, sections: [{ ...section, blocks: own }] });
    expect(whole).not.toMatch(/<script|<link|src="(?!data:)|srcset="(?!data:)|url\(/);
    expect(page).toContain(Buffer.from('<svg>dark</svg>').toString('base64'));
  });

  it('is marked up for phones, keyboards, screen readers and dark rooms', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('name="viewport"');
    expect(page).toContain('<a href="#one">');
    expect(page).toContain('<h2 id="one">');
    expect(page).toContain('<th scope="col" class="n">AMI</th>');
    expect(page).toContain('<th scope="row">a|b</th>');
    expect(page).toContain('alt="Loss"');
    expect(page).toContain('<figcaption>It falls.</figcaption>');
    expect(page).toContain('alt="Groups."');
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page.match(/tabindex="0"/g)).toHaveLength(5);
  });

  it('has code in cells, and shows and links pictures of other files', () => {
    expect(page).toContain('<th scope="row"><code>a|&lt;b&gt;</code></th>');
    expect(page).toContain('src="my%20curves.png" alt="Curves"');
    expect(page).toContain('<figcaption>Curves <a href="curves.svg">The same as SVG</a></figcaption>');
  });

  it('finds a picture in a folder of any name', () => {
    const picture = { type: 'linked picture', title: 'One', png: 'run #1/a?.png', svg: 'run #1/a?.svg' } as const;
    const made = documentHtml({ ...document, sections: [{ id: 'one', title: 'One', blocks: [picture] }] });
    expect(made).toContain('src="run%20%231/a%3F.png"');
    expect(made).toContain('href="run%20%231/a%3F.svg"');
  });

  it('shows any text as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const made = documentHtml({ ...document, introduction: `<${text}>` });
        const shown = /<p>(&lt;.*?)<\/p>/s.exec(made)?.[1] ?? '';
        expect(shown).not.toMatch(/[<>]/);
      }),
    );
  });
});
