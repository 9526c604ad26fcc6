import { expect, it } from 'vitest';
import { drawFlowchart } from './draw.js';
import { readFlowchart } from './flowchart.js';

const svg = drawFlowchart(
  readFlowchart(`flowchart TD
    a["<b>a</b>: first<br>one label that is longer than a line"]
    subgraph inner
      b["b & co"]
    end
    a -. "may lead to" .-> b
  `),
);

it('draws each box, each group and each arrow, long labels on several lines', () => {
  expect(svg.match(/class="(?:node|cluster|edge)"/g)).toHaveLength(4);
  expect(svg).toMatch(/<text [^>]*font-weight="bold"[^>]*>a<\/text>/);
  expect([...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)).toEqual(
    expect.arrayContaining(['one label that', 'is longer than', 'a line', 'b &amp; co', 'inner', 'may lead to']),
  );
  expect(svg).toContain('stroke-dasharray');
});

it('says what it shows, and leaves colours, fonts and ids to the page', () => {
  expect(svg).toContain('aria-label="A diagram with arrows from a: first to b &amp; co."');
  expect(svg).not.toMatch(/ (?:id|fill|stroke|font-family)="|<title>|<!--/);
});
