import { grownInt32 } from './scratch.js';

/**
 * The distinct sizes among cluster sizes, ascending, each with the number of clusters that have it. N samples have at
 * most √(2N) distinct sizes. Reusable; owns its scratch memory.
 */
export class SizeGroups {
  /** Number of distinct sizes. */
  count = 0;
  /** The first `count` entries, ascending. */
  sizes: Int32Array = new Int32Array(0);
  /** How many clusters have each size: the first `count` entries. */
  multiplicities: Int32Array = new Int32Array(0);

  // Clusters by size; all zero between calls.
  #clustersOfSize: Int32Array = new Int32Array(0);

  /** Groups the first `clusters` sizes, each from 1 to `total`. */
  group(clusterSizes: Int32Array, clusters: number, total: number): void {
    this.#clustersOfSize = grownInt32(this.#clustersOfSize, total + 1);
    this.sizes = grownInt32(this.sizes, clusters);
    this.multiplicities = grownInt32(this.multiplicities, clusters);
    const { sizes, multiplicities } = this;
    const clustersOfSize = this.#clustersOfSize;
    let count = 0;
    for (let i = 0; i < clusters; i++) {
      const size = clusterSizes[i]!;
      if (clustersOfSize[size]!++ > 0) continue;
      // Inserted in order: distinct sizes are so few that this costs less than one pass over the samples.
      let place = count++;
      for (; place > 0 && sizes[place - 1]! > size; place--) sizes[place] = sizes[place - 1]!;
      sizes[place] = size;
    }
    for (let i = 0; i < count; i++) {
      multiplicities[i] = clustersOfSize[sizes[i]!]!;
      clustersOfSize[sizes[i]!] = 0;
    }
    this.count = count;
  }
}
