import type { LabelPair, LabelRange } from './label-pair.js';
import { grownInt32 } from './scratch.js';

/**
 * Counts pairs of labels in a table over a small window of labels, in one pass. The window stays from one pair of
 * labelings to the next: frames of one data set have the same labels, so that most need no other pass to find it.
 */
export class DenseCounts {
  /** Lowest true label of the window, and number of labels from there. */
  minTrue = 0;
  height = 0;
  /** Lowest predicted label of the window, and number of labels from there. */
  minPred = 0;
  width = 0;
  /** [height, width] */
  counts: Int32Array = new Int32Array(0);
  /** Samples counted. */
  total = 0;

  /**
   * Counts the samples. Returns false, and leaves the counts undefined, if a label is not a 32-bit integer or lies outside
   * the window.
   */
  count(pair: LabelPair): boolean {
    const { labelsTrue, trueStart, labelsPred, predStart, length, ignore } = pair;
    const { counts, minTrue, minPred, width } = this;
    const maxTrue = minTrue + this.height - 1;
    const maxPred = minPred + width - 1;
    const drops = !Number.isNaN(ignore);
    let total = 0;
    counts.fill(0, 0, this.height * width);
    for (let i = 0; i < length; i++) {
      const label = labelsTrue[trueStart + i]!;
      const cluster = labelsPred[predStart + i]!;
      if (!isInt32(label) || !isInt32(cluster)) return false;
      if (drops && label === ignore) continue;
      if (label < minTrue || label > maxTrue || cluster < minPred || cluster > maxPred) return false;
      counts[(label - minTrue) * width + (cluster - minPred)]!++;
      total++;
    }
    this.total = total;
    return true;
  }

  /**
   * Moves the window over a range of labels, and keeps the old one in it where both fit.
   *
   * @param limit most cells that the window may have
   * @returns false where the range does not fit
   */
  moveTo(range: LabelRange, limit: number): boolean {
    if (!isInt32(range.minTrue) || !isInt32(range.maxTrue) || !isInt32(range.minPred) || !isInt32(range.maxPred)) {
      return false;
    }
    const minTrue = Math.min(this.minTrue, range.minTrue);
    const minPred = Math.min(this.minPred, range.minPred);
    const height = Math.max(this.minTrue + this.height - 1, range.maxTrue) - minTrue + 1;
    const width = Math.max(this.minPred + this.width - 1, range.maxPred) - minPred + 1;
    if (height * width <= limit) this.#place(minTrue, height, minPred, width);
    else {
      const ownHeight = range.maxTrue - range.minTrue + 1;
      const ownWidth = range.maxPred - range.minPred + 1;
      if (ownHeight * ownWidth > limit) return false;
      this.#place(range.minTrue, ownHeight, range.minPred, ownWidth);
    }
    return true;
  }

  #place(minTrue: number, height: number, minPred: number, width: number): void {
    this.minTrue = minTrue;
    this.height = height;
    this.minPred = minPred;
    this.width = width;
    this.counts = grownInt32(this.counts, height * width);
  }
}

function isInt32(label: unknown): boolean {
  return typeof label === 'number' && (label | 0) === label;
}
