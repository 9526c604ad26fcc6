import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { documentMarkdown } from '@nem/report';
import { RunFolder } from '../run/run-folder.js';
import { svgToPng } from '../system/svg-to-png.js';
import { readRecordedRuns } from './recorded-runs.js';
import { resultsDocument } from './results-document.js';

/** Writes `README.md` and its figures from the records of a folder of results. @returns the path of `README.md` */
export async function writeResults(results: string): Promise<string> {
  const folder = new RunFolder(results);
  const document = resultsDocument(readRecordedRuns(results));
  rmSync(join(results, 'figures'), { recursive: true, force: true });
  for (const block of document.sections.flatMap(({ blocks }) => blocks)) {
    if (block.type !== 'chart') continue;
    folder.write(`${block.file}.svg`, block.light);
    folder.write(`${block.file}.png`, await svgToPng(block.light));
  }
  folder.write('README.md', documentMarkdown(document));
  return join(results, 'README.md');
}
