import { join } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { writeWhole } from '../../system/files.js';
import { path } from '../options.js';

interface CompareArguments {
  readonly out: string;
  readonly json?: boolean;
}

async function run(paths: readonly string[], { out, json }: CompareArguments): Promise<void> {
  const { comparisonDocument, comparisonTable } = await import('../../comparison/comparison.js');
  const { isRun, readComparedRun } = await import('../../comparison/compared-run.js');
  const { writeDocument } = await import('../../system/write-document.js');
  const { textTable } = await import('../text-table.js');
  for (const other of paths.filter((one) => !isRun(one))) console.error(`${other} is no run: it is left out.`);
  const runs = paths.filter(isRun).map(readComparedRun);
  if (runs.length === 0) throw new UsageError('there is no run to compare', 'name the folders of runs, e.g. runs/*.');
  await writeDocument(comparisonDocument(runs), (name, content) => writeWhole(join(out, name), content));
  if (json) for (const one of runs) console.log(JSON.stringify(one));
  else {
    const { head, rows } = comparisonTable(runs);
    console.log(`${textTable(head, rows, 2)}\n\nsettings that differ and curves: ${join(out, 'index.html')}`);
  }
}

/** `nem compare`: scores, settings and curves of several runs. */
export const compare = (): Command =>
  new Command('compare')
    .description('compares runs: a table of their scores, the settings that differ, and curves')
    .argument('<runs...>', 'run folders; any other path is skipped')
    .option('--out <folder>', 'where the report goes', path, 'comparison')
    .option('--json', 'prints a JSON line a run')
    .addHelpText('after', '\nExample:\n  nem compare runs/*')
    .action(run);
