import { instance } from '@viz-js/viz';
import type { Box, Flowchart } from './flowchart.js';

/** Graphviz, which finds the places of boxes and arrows. */
const graphviz = await instance();

/** Characters of a line: boxes stay narrow, so that many stand beside each other within a column of text. */
const LINE = 14;
/** Graphviz measures text in Arial; the style sheet sets it in fonts of the same widths. */
const FONT = { fontname: 'Arial', fontsize: 14 };
const SPACE = { nodesep: 0.1, ranksep: 0.35, bgcolor: 'transparent' };
/** How small a diagram may become before it scrolls: text is then nine and a half pixels high. */
const SMALLEST = 0.68;

const withoutTags = (text: string) => text.replaceAll(/<[^>]*>/g, '');

/** Lines of words that are as long as they may be. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && withoutTags(longer).length > LINE) lines.push(word);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}

const node = ({ id, label }: Box) => ({
  name: id,
  attributes: { label: { html: label.replaceAll('&', '&amp;').split('<br>').flatMap(wrapped).join('<br/>') } },
});

/** The flowchart as Graphviz takes it. */
function graph({ direction, boxes, arrows }: Flowchart) {
  const groups = [...new Set(boxes.flatMap(({ group }) => group ?? []))];
  const inside = (group?: string) => boxes.filter((box) => box.group === group).map(node);
  return {
    graphAttributes: { ...FONT, ...SPACE, rankdir: direction === 'TD' ? 'TB' : 'LR' },
    nodeAttributes: { ...FONT, shape: 'box', margin: '0.09,0.06' },
    edgeAttributes: { ...FONT, fontsize: 12, arrowsize: 0.7 },
    nodes: inside(),
    subgraphs: groups.map((group) => ({
      name: `cluster_${group}`,
      graphAttributes: { label: group, margin: 10 },
      nodes: inside(group),
    })),
    edges: arrows.map(({ from, to, dotted, label = '' }) => ({
      tail: from,
      head: to,
      attributes: { label, style: dotted ? 'dashed' : 'solid' },
    })),
  };
}

/** What the picture shows, for those who do not see it. */
function description({ boxes, arrows }: Flowchart): string {
  const names = new Map(boxes.map(({ id, label }) => [id, withoutTags(label.split('<br>')[0] ?? '')]));
  const from = [...new Set(arrows.map((arrow) => arrow.from))];
  const parts = from.map((id) => {
    const to = arrows.filter((arrow) => arrow.from === id).map((arrow) => names.get(arrow.to));
    return `from ${names.get(id)} to ${to.join(', ')}`;
  });
  return `A diagram with arrows ${parts.join('; ')}.`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A flowchart as SVG for a page, which gives it colours and a font: a unit of Graphviz is a pixel where there is room. */
export function drawFlowchart(flowchart: Flowchart): string {
  const drawn = graphviz.renderString(graph(flowchart), { format: 'svg' });
  const [, width = '', viewBox = ''] = /<svg width="(\d+)pt"[^>]*viewBox="([^"]*)"/.exec(drawn) ?? [];
  const content = drawn
    .slice(drawn.indexOf('<g '), drawn.lastIndexOf('</svg>'))
    // Two diagrams of a page would have the same ids; titles would be shown under the pointer.
    .replaceAll(
      / id="[^"]*"|<title>[^<]*<\/title>\n|<!--[^>]*-->\n| (?:fill|stroke|font-family|xml:space)="[^"]*"/g,
      '',
    );
  const size = `width="${width}" viewBox="${viewBox}" style="min-width: ${Math.round(SMALLEST * Number(width))}px"`;
  return `<svg role="img" aria-label="${escaped(description(flowchart))}" ${size}>${content}</svg>`;
}
