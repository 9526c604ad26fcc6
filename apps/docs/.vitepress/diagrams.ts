import type { MarkdownRenderer } from 'vitepress';
import { drawFlowchart } from '../src/diagrams/draw.js';
import { readFlowchart } from '../src/diagrams/flowchart.js';

/** Draws a diagram once, when the site is built: no script in the page. Vue is told to leave it alone. */
function draw(text: string): string {
  const svg = drawFlowchart(readFlowchart(text));
  // A wide diagram scrolls, and so a keyboard must reach it.
  return `<div v-pre class="diagram" tabindex="0" role="group" aria-label="Diagram">${svg}</div>\n`;
}

/** Diagrams as GitHub shows them: blocks of the language `mermaid`. */
export function diagrams(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index];
    if (token?.info.trim() === 'mermaid') return draw(token.content);
    return fence?.(tokens, index, ...rest) ?? '';
  };
}
