import { CompensatedSum } from './compensated-sum.js';
import { tableOf } from './contingency-counter.js';
import type { ContingencyTable } from './contingency-table.js';
import { HypergeometricSum } from './hypergeometric.js';
import type { Labels, PairOptions } from './labels.js';
import { SizeGroups } from './size-groups.js';

/**
 * The mutual information, in nats, that two labelings with these cluster sizes have on average when samples are assigned
 * by chance: exactly, under the permutation model (Vinh, Epps and Bailey 2010, Theorem 1). It depends on the sizes of
 * the clusters only, and its cost grows with the number of distinct sizes, not with the number of clusters.
 *
 * 0 for no samples.
 *
 * @param labelsTrue true class of each sample
 * @param labelsPred predicted cluster of each sample
 * @returns a number from 0 to the smaller of the two entropies
 * @throws MetricInputError for labels that are not integers and for different lengths
 */
export function expectedMutualInformation(labelsTrue: Labels, labelsPred: Labels, options?: PairOptions): number {
  return new ExpectedMutualInformation().of(tableOf(labelsTrue, labelsPred, options));
}

/** Slots of the cache; a power of two. */
const SLOTS = 2 ** 14;
/** From this many samples on three numbers no longer fit into one exact key. */
const UNCACHED = 2 ** 17;

/** Computes the expected mutual information of counted pairs of labelings. Reusable; owns its scratch memory. */
export class ExpectedMutualInformation {
  readonly #rowGroups = new SizeGroups();
  readonly #columnGroups = new SizeGroups();
  readonly #hypergeometric = new HypergeometricSum();
  readonly #sum = new CompensatedSum();
  readonly #keys: Float64Array | undefined;
  readonly #values: Float64Array | undefined;

  /**
   * @param options.cache keep the cells that were computed, in 256 KiB. Worthwhile for many small tables, because the
   * frames of one dataset repeat their cluster sizes. Default false.
   */
  constructor({ cache = false } = {}) {
    if (!cache) return;
    this.#keys = new Float64Array(SLOTS);
    this.#values = new Float64Array(SLOTS);
  }

  /** In nats; 0 for an empty table. */
  of(table: ContingencyTable): number {
    const { total } = table;
    const rows = this.#rowGroups;
    const columns = this.#columnGroups;
    rows.group(table.rowSums, table.rows, total);
    columns.group(table.columnSums, table.columns, total);
    const sum = this.#sum;
    sum.reset();
    for (let i = 0; i < rows.count; i++) {
      for (let j = 0; j < columns.count; j++) {
        const pairs = rows.multiplicities[i]! * columns.multiplicities[j]!;
        sum.add(pairs * this.#cell(rows.sizes[i]!, columns.sizes[j]!, total));
      }
    }
    return total === 0 ? 0 : sum.value / total;
  }

  #cell(rowSize: number, columnSize: number, total: number): number {
    const a = Math.min(rowSize, columnSize);
    const b = Math.max(rowSize, columnSize);
    const keys = this.#keys;
    const values = this.#values;
    if (!keys || !values || total >= UNCACHED) return this.#hypergeometric.cell(a, b, total);
    const key = (total * UNCACHED + a) * UNCACHED + b;
    const slot = (Math.imul(total, 0x9e3779b1) ^ Math.imul(a, 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35)) >>> 18;
    if (keys[slot] !== key) {
      keys[slot] = key;
      values[slot] = this.#hypergeometric.cell(a, b, total);
    }
    return values[slot]!;
  }
}
