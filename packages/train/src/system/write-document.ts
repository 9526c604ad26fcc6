import { documentHtml, documentMarkdown, type ReportDocument } from '@nem/report';
import { svgToPng } from './svg-to-png.js';

/**
 * Writes both forms of a report, and each of its figures as a file of its own.
 * @param write a file, by its name in the report's folder
 */
export async function writeDocument(
  document: ReportDocument,
  write: (name: string, content: string | Uint8Array) => void,
): Promise<void> {
  for (const block of document.sections.flatMap(({ blocks }) => blocks)) {
    if (block.type === 'picture') write(`${block.file}.png`, block.png);
    if (block.type !== 'chart') continue;
    write(`${block.file}.svg`, block.light);
    write(`${block.file}.png`, await svgToPng(block.light));
  }
  write('index.md', documentMarkdown(document));
  write('index.html', documentHtml(document));
}
