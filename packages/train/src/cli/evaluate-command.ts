import { withRemedy } from '../errors.js';
import { type EvaluateRunOptions, evaluateRun } from '../evaluation/evaluate-run.js';
import { frameTable } from '../evaluation/frame-table.js';
import { evaluationPlace } from '../evaluation/place.js';
import type { EvaluationRecord } from '../evaluation/record.js';
import { RunFolder } from '../run/run-folder.js';
import { RunLock } from '../run/run-lock.js';
import { scoreSentence } from '../scores/text.js';
import { evaluationProgress } from '../terminal/evaluation-progress.js';
import { counted } from '../words.js';
import { evaluateAgain } from './command-words.js';
import { interruptible } from './interruption.js';
import { textTable } from './text-table.js';

export interface EvaluateArguments extends EvaluateRunOptions {
  /** Where the report goes in place of the run's folder. */
  readonly out?: string;
  readonly json?: boolean;
  /** Prints the scores of each frame too. */
  readonly frameTable?: boolean;
  /** Waited for after each batch; what it throws ends the evaluation, and nothing is written. */
  readonly pause?: () => Promise<void>;
}

/** `nem evaluate`: the one writer, while it works, of the folder that the report goes into. */
export async function evaluateCommand(run: string, options: EvaluateArguments): Promise<void> {
  const folder = new RunFolder(run);
  folder.readConfig(console.error);
  const place = evaluationPlace(folder, options.out);
  await interruptible('the current batch ends', evaluateAgain(folder), async (interruption) => {
    const lock = await RunLock.acquire(place.path, { tell: console.error, pause: () => interruption.check() });
    try {
      await evaluateAndPrint(folder, { ...options, frameTable: true, pause: () => interruption.check() }, place);
    } finally {
      lock.release();
    }
  });
}

/** Evaluates a run, shows how it goes and prints what was found. */
export async function evaluateAndPrint(folder: RunFolder, options: EvaluateArguments, place = folder): Promise<void> {
  try {
    const evaluation = await evaluateRun(folder, options, evaluationProgress(options.pause), place);
    if (options.json) console.log(JSON.stringify({ run: folder.path, test: evaluation.record }));
    else {
      console.log(describe(place.path, evaluation.record));
      if (options.frameTable) {
        const { head, rows } = frameTable(evaluation);
        console.log(`\n${textTable(head, rows)}\nmean [lower quartile, upper quartile] over the inputs`);
      }
    }
  } catch (error) {
    throw withRemedy(error, evaluateAgain(folder));
  }
}

function describe(path: string, record: EvaluationRecord): string {
  const { name, split, inputs } = record;
  const changes = name.slice(`${split} set, `.length);
  const of = `over ${counted(inputs, 'input')}${changes ? ` (${changes})` : ''}`;
  return `${split} ${scoreSentence(record)} ${of}; report in ${path}/report/index.md`;
}
