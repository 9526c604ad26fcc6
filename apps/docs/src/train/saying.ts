import type { TrainView } from './view.js';

const UNKEPT = 'This browser does not keep it: download the weights before you close the tab.';

function whileTraining({ updates, milliseconds, kept, unkept }: TrainView): string {
  const pace = `Update ${updates}: ${milliseconds?.toFixed(0)} ms each.`;
  if (unkept) return `${pace} ${UNKEPT}`;
  return kept === undefined ? pace : `${pace} You may close the tab: this browser keeps the first ${kept} updates.`;
}

function whilePaused({ updates, kept, unkept }: TrainView): string {
  const pause = `Paused after ${updates} updates`;
  if (kept === updates) return `${pause}, and kept in this browser.`;
  // What is kept now may be that of another tab.
  if (unkept) return `${pause}. ${UNKEPT}`;
  return kept === undefined ? `${pause}.` : `${pause}. This browser keeps the first ${kept} of them.`;
}

/** How a training stands, in a sentence or two that claim no more than is known. */
export function sayingOf(view: TrainView): string {
  switch (view.status) {
    case 'looking':
      return 'Looking for a training of an earlier visit …';
    case 'none':
      return 'Nothing is trained yet. The network starts from random weights.';
    case 'starting':
      return 'The engine is loading …';
    case 'training':
      return whileTraining(view);
    case 'paused':
      return whilePaused(view);
    case 'failed':
      return 'No training can run here.';
    default:
      return view.status satisfies never;
  }
}
