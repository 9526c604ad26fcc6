import type { DocumentBlock, ReportDocument } from './document.js';
import { escapeMarkdown, linkTarget } from './markdown-text.js';

/** A number needs no escaping, which would stand in the way of who reads the source. */
const NUMBER = /^\d+(\.\d+)?( ± \d+(\.\d+)?)?$/;
const cellText = (text: string) => (NUMBER.test(text) ? text : escapeMarkdown(text));

function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[],
): string {
  const rule = head.map((_, column) => (numeric.includes(column) ? '---:' : '---'));
  const text = (cells: readonly string[]) => cells.map(cellText);
  return [text(head), rule, ...rows.map(text)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function block(content: DocumentBlock): string {
  switch (content.type) {
    case 'paragraph':
      return escapeMarkdown(content.text);
    case 'table':
      return `**${escapeMarkdown(content.caption)}**\n\n${markdownTable(content.head, content.rows, content.numeric)}`;
    default: {
      const alt = content.type === 'chart' ? content.title : content.alt;
      return `![${escapeMarkdown(alt)}](${linkTarget(`${content.file}.png`)})\n\n_${escapeMarkdown(content.caption)}_`;
    }
  }
}

/** A report in Markdown (GitHub's dialect); its pictures are the PNG files of the same names beside it. */
export function documentMarkdown({ title, notice, introduction, sections }: ReportDocument): string {
  const parts = [
    `# ${escapeMarkdown(title)}`,
    ...(notice ? [`> **${escapeMarkdown(notice)}**`] : []),
    escapeMarkdown(introduction),
    ...sections.flatMap((section) => [`## ${escapeMarkdown(section.title)}`, ...section.blocks.map(block)]),
  ];
  return `${parts.join('\n\n')}\n`;
}
