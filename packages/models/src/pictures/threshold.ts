const BINS = 256;

/** 1 where a value is above `threshold`, else 0. */
export const binarize = (grey: Float32Array, threshold: number): Float32Array =>
  Float32Array.from(grey, (value) => (value > threshold ? 1 : 0));

/**
 * The threshold between dark and bright that leaves the least variance inside the two (Otsu, "A threshold selection method from
 * gray-level histograms", 1979); 0.5 where all values are equal.
 */
export function otsuThreshold(grey: Float32Array): number {
  const histogram = new Float64Array(BINS);
  for (const value of grey) histogram[Math.min(BINS - 1, Math.floor(value * BINS))]!++;
  const total = histogram.reduce((sum, count, bin) => sum + count * bin, 0);
  let [below, sumBelow, best] = [0, 0, 0];
  let [first, last] = [-1, -1];
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += histogram[bin]!;
    sumBelow += histogram[bin]! * bin;
    const above = grey.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sumBelow / below - (total - sumBelow) / above) ** 2;
    if (between > best) [best, first, last] = [between, bin, bin];
    else if (between === best && last === bin - 1) last = bin;
  }
  // The middle of those next to each other that are equally good: between two peaks there are many.
  return first < 0 ? 0.5 : ((first + last) / 2 + 1) / BINS;
}
