import { formatDuration } from '@nem/report';
import type { EpochRecord } from '../run/epoch-record.js';
import type { ProgressView } from '../run/job.js';
import { epochSentence } from '../scores/text.js';
import { counted, fixed } from '../words.js';
import { Progress } from './progress.js';

function describeEpoch({ epoch, update, seconds, training, validation }: EpochRecord, note: string): string {
  const [ofTraining, ofValidation] = [training, validation].map(epochSentence);
  return `epoch ${epoch}, ${counted(update, 'update')}, ${formatDuration(seconds, { fixed: true })}: training ${ofTraining}; validation ${ofValidation}${note}`;
}

/** Shows a training: a bar for the updates of an epoch, a line for each epoch. */
export function trainingProgress(maxMinutes: number | undefined): ProgressView {
  const began = performance.now();
  let progress: Progress | undefined;
  const end = () => {
    progress?.stop();
    progress = undefined;
  };
  return {
    end,
    step({ epoch, step, steps, loss }) {
      if (!progress) {
        progress = new Progress(`epoch ${epoch}`, 'steps');
        progress.start(steps, step - 1);
      }
      const limit = maxMinutes === undefined ? undefined : maxMinutes * 60 - (performance.now() - began) / 1000;
      progress.update(step, `· loss ${fixed(loss, 1)}`, limit);
    },
    epoch(record, best) {
      end();
      console.error(describeEpoch(record, best ? ' (best)' : ''));
    },
    cutEpoch(record, best) {
      end();
      console.error(describeEpoch(record, best ? ' (best, cut short by the time limit)' : ' (cut short)'));
    },
  };
}
