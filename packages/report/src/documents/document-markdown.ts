import type { DocumentBlock, DocumentCell, ReportDocument } from './document.js';
import { code, escapeMarkdown, linkTarget, table } from './markdown-text.js';

/** A number needs no escaping, which would stand in the way of who reads the source. */
const NUMBER = /^-?\d+(\.\d+)?(e[-+]\d+)?( ± \d+(\.\d+)?)?$/;

function cellText(cell: DocumentCell): string {
  if (typeof cell !== 'string') return code(cell.code);
  return NUMBER.test(cell) ? cell : escapeMarkdown(cell);
}

const image = (alt: string, path: string) => `![${escapeMarkdown(alt)}](${linkTarget(path)})`;

function block(content: DocumentBlock): string {
  switch (content.type) {
    case 'paragraph':
      return escapeMarkdown(content.text);
    case 'table': {
      const text = (cells: readonly DocumentCell[]) => cells.map(cellText);
      const lines = table(text(content.head), content.rows.map(text), content.numeric);
      return content.caption === undefined ? lines : `**${escapeMarkdown(content.caption)}**\n\n${lines}`;
    }
    case 'linked picture': {
      const { title, png, svg } = content;
      return `### ${escapeMarkdown(title)}\n\n${image(title, png)}\n\n[The same as SVG](${linkTarget(svg)})`;
    }
    case 'chart':
      return `${image(content.title, `${content.file}.png`)}\n\n_${escapeMarkdown(content.caption)}_`;
    case 'picture':
      return `${image(content.alt, `${content.file}.png`)}\n\n_${escapeMarkdown(content.caption)}_`;
    default:
      return content satisfies never;
  }
}

/** A report in Markdown (GitHub's dialect); its charts and pictures are the PNG files of the same names beside it. */
export function documentMarkdown({ title, notice, introduction, sections }: ReportDocument): string {
  const parts = [
    `# ${escapeMarkdown(title)}`,
    ...(notice ? [`> **${escapeMarkdown(notice)}**`] : []),
    ...(introduction ? [escapeMarkdown(introduction)] : []),
    ...sections.flatMap((section) => [`## ${escapeMarkdown(section.title)}`, ...section.blocks.map(block)]),
  ];
  return `${parts.join('\n\n')}\n`;
}
