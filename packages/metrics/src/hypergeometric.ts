import { logRatio } from './logarithm.js';

/** Up to this size of the smaller cluster, k log k comes from a table. */
const TABLE_SIZE = 4096;
/** The sum ends where a term's probability, relative to the most probable one, is lost in rounding. */
const NEGLIGIBLE = 2 ** -50;

let table: Float64Array | undefined;

/** k log k for k from 0 to TABLE_SIZE, made at the first use. */
function kLogK(): Float64Array {
  table ??= Float64Array.from({ length: TABLE_SIZE + 1 }, (_, k) => (k === 0 ? 0 : k * Math.log(k)));
  return table;
}

/**
 * What one cell of the contingency matrix adds to n times the expected mutual information:
 *
 *     Σ_k P(k) · k · log(n k / (a b))      in nats · samples
 *
 * where k, the number of samples that a class of a and a cluster of b of the n samples share by chance, follows the
 * hypergeometric distribution (Vinh, Epps and Bailey 2010, Theorem 1).
 *
 * P needs no factorial: P(k + 1) / P(k) = (a − k)(b − k) / ((k + 1)(n − a − b + k + 1)). So the terms are summed
 * outwards from the most probable k, which gets weight 1, and divided by the sum of the weights. The cost is a few
 * multiplications for each k within some nine standard deviations, and no rounding error of a log-gamma enters.
 */
export class HypergeometricSum {
  // x, y, u, v of a tail, then the sums of the weights and of the weighted terms. In typed memory the numbers stay
  // floating-point throughout: as fields and arguments they would be converted in every step of the loops.
  readonly #state = new Float64Array(6);

  /**
   * @param a class size, 1 ≤ a ≤ n
   * @param b cluster size, 1 ≤ b ≤ n
   * @param n samples
   */
  cell(a: number, b: number, n: number): number {
    const state = this.#state;
    const tabulated = Math.min(a, b) <= TABLE_SIZE;
    const mode = Math.max(Math.floor(((a + 1) * (b + 1)) / (n + 2)), a + b - n);
    const rest = n - a - b + mode;
    state[4] = 1;
    state[5] = tabulated ? kLogK()[mode]! : centredTerm(mode, a * b, n);
    for (let step = 1; step >= -1; step -= 2) {
      const up = step === 1;
      state[0] = up ? a - mode : mode;
      state[1] = up ? b - mode : rest;
      state[2] = up ? mode + 1 : a - mode + 1;
      state[3] = up ? rest + 1 : b - mode + 1;
      if (tabulated) this.#addTabulated(mode, step);
      else this.#addCentred(mode, step, a * b, n);
    }
    const information = state[5]! / state[4]!;
    // k log(k/m) = k log k − k log m, and k has mean m = a b / n, so m log m is subtracted.
    return tabulated ? information - ((a * b) / n) * Math.log((a * b) / n) : information;
  }

  /**
   * Adds the terms k log k on one side of the mode. In either direction the ratio of two neighbouring probabilities is
   * x y / (u v), where a step lowers x and y by one and raises u and v by one; beyond the last possible k it is 0.
   */
  #addTabulated(mode: number, step: number): void {
    const terms = kLogK();
    const state = this.#state;
    let x = state[0]!;
    let y = state[1]!;
    let u = state[2]!;
    let v = state[3]!;
    let weight = state[4]!;
    let information = state[5]!;
    let k = mode;
    let probability = 1;
    for (;;) {
      probability *= (x * y) / (u * v);
      if (probability < NEGLIGIBLE) break;
      x -= 1;
      y -= 1;
      u += 1;
      v += 1;
      k += step;
      weight += probability;
      information += probability * terms[k]!;
    }
    state[4] = weight;
    state[5] = information;
  }

  /** The same with {@link centredTerm}. */
  #addCentred(mode: number, step: number, product: number, n: number): void {
    const state = this.#state;
    let x = state[0]!;
    let y = state[1]!;
    let u = state[2]!;
    let v = state[3]!;
    let k = mode;
    let probability = 1;
    for (;;) {
      probability *= (x * y) / (u * v);
      if (probability < NEGLIGIBLE) break;
      x -= 1;
      y -= 1;
      u += 1;
      v += 1;
      k += step;
      state[4]! += probability;
      state[5]! += probability * centredTerm(k, product, n);
    }
  }
}

/**
 * k log(k / m) − (k − m) for the mean m = a b / n. Its expectation is that of k log(k / m), since k − m has mean 0, but
 * it is never negative: where m is large, no digits cancel in the sum.
 */
function centredTerm(k: number, product: number, n: number): number {
  const deviation = (k * n - product) / n;
  return k === 0 ? -deviation : k * logRatio(k * n, product) - deviation;
}
