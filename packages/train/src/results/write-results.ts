import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { documentMarkdown } from '@nem/report';
import { RunFolder } from '../run/run-folder.js';
import { writeError } from '../system/files.js';
import { svgToPng } from '../system/svg-to-png.js';
import { readRecordedRuns } from './recorded-runs.js';
import { resultsDocument } from './results-document.js';

/** Removes figures of an earlier page that this one does not have. @throws RunError where one cannot be removed */
function removeOthers(figures: string, known: ReadonlySet<string>): void {
  if (!existsSync(figures)) return;
  for (const name of readdirSync(figures).filter((one) => !known.has(one))) {
    const file = join(figures, name);
    try {
      rmSync(file, { recursive: true, force: true });
    } catch (error) {
      throw writeError(file, error);
    }
  }
}

/** Writes `README.md` and its figures from the records of a folder of results. @returns the path of `README.md` */
export async function writeResults(results: string): Promise<string> {
  const folder = new RunFolder(results);
  const document = resultsDocument(readRecordedRuns(results));
  const known = new Set<string>();
  for (const block of document.sections.flatMap(({ blocks }) => blocks)) {
    if (block.type !== 'chart') continue;
    folder.write(`${block.file}.svg`, block.light);
    folder.write(`${block.file}.png`, await svgToPng(block.light));
    for (const ending of ['svg', 'png']) known.add(`${basename(block.file)}.${ending}`);
  }
  folder.write('README.md', documentMarkdown(document));
  removeOthers(join(results, 'figures'), known);
  return join(results, 'README.md');
}
