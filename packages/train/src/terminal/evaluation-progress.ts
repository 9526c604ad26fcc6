import type { EvaluationEvents } from '../evaluation/evaluate-run.js';
import { Progress } from './progress.js';

/**
 * Shows an evaluation: a bar for its inputs.
 * @param pause waited for after each batch; what it throws ends the evaluation. Default: nothing
 */
export function evaluationProgress(pause?: () => void | Promise<void>): EvaluationEvents {
  let progress: Progress | undefined;
  return {
    start(name, inputs) {
      progress = new Progress(name, 'inputs');
      progress.start(inputs);
    },
    async progress(inputs) {
      progress?.update(inputs);
      await pause?.();
    },
    end: () => progress?.stop(),
  };
}
