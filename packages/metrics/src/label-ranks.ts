import { grownFloat64, grownInt32 } from './scratch.js';

/**
 * The ranks of integer labels among their distinct values: labels 7, −2, 7, 5 have ranks 2, 0, 2, 1. Reusable; owns its
 * scratch memory.
 */
export class LabelRanks {
  /** Number of distinct labels. */
  distinct = 0;
  /** The distinct labels in ascending order: the first `distinct` entries. */
  labels: Float64Array = new Float64Array(0);
  /** The rank of each label: as many entries as labels were ranked. */
  ranks: Int32Array = new Int32Array(0);

  #lookup: Int32Array = new Int32Array(0);

  /** Ranks the first `length` values, all of them integers from `min` to `max`. */
  rank(values: Float64Array, length: number, min: number, max: number): void {
    this.ranks = grownInt32(this.ranks, length);
    if (max - min <= 1024 + 4 * length) this.#rankByLookup(values, length, min, max - min + 1);
    else this.#rankBySorting(values, length);
  }

  #rankByLookup(values: Float64Array, length: number, min: number, width: number): void {
    this.#lookup = grownInt32(this.#lookup, width);
    this.labels = grownFloat64(this.labels, Math.min(width, length));
    const { labels, ranks } = this;
    const lookup = this.#lookup;
    lookup.fill(0, 0, width);
    for (let i = 0; i < length; i++) lookup[values[i]! - min] = 1;
    let distinct = 0;
    for (let value = 0; value < width; value++) {
      if (lookup[value] === 0) continue;
      labels[distinct] = value + min;
      lookup[value] = distinct++;
    }
    for (let i = 0; i < length; i++) ranks[i] = lookup[values[i]! - min]!;
    this.distinct = distinct;
  }

  #rankBySorting(values: Float64Array, length: number): void {
    this.labels = grownFloat64(this.labels, length);
    const { labels, ranks } = this;
    for (let i = 0; i < length; i++) labels[i] = values[i]! + 0; // -0 becomes 0
    // Infinity sorts behind every label, so the whole buffer can be sorted in place, without a view of its front.
    labels.fill(Number.POSITIVE_INFINITY, length);
    labels.sort();
    let distinct = 0;
    for (let i = 0; i < length; i++) {
      if (i === 0 || labels[i] !== labels[i - 1]) labels[distinct++] = labels[i]!;
    }
    for (let i = 0; i < length; i++) ranks[i] = lowerBound(labels, distinct, values[i]!);
    this.distinct = distinct;
  }
}

/** The position of the first of `length` ascending entries that is not below `value`. */
function lowerBound(ascending: Float64Array, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
