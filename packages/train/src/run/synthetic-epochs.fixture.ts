import type { EpochRecord } from './epoch-record.js';

/** Epochs whose losses fall and whose scores rise, not smoothly. */
export function syntheticEpochs(count: number): EpochRecord[] {
  let drawn = 0;
  const jitter = (scale: number) => scale * (((61 * drawn++) % 101) / 101 - 0.5);
  return Array.from({ length: count }, (_, i) => {
    const progress = 1 - Math.exp(-i / (count / 5));
    const scores = (lead: number) => ({
      loss: 640 - (520 + lead) * progress + jitter(12),
      adjustedRand: 0.02 + (0.9 + lead / 1000) * progress + jitter(0.03),
      adjustedMutualInfo: 0.01 + (0.82 + lead / 1000) * progress + jitter(0.03),
      confidence: 0.35 + 0.6 * progress + jitter(0.01),
    });
    return { epoch: i + 1, update: 782 * (i + 1), seconds: 30 + jitter(2), training: scores(6), validation: scores(0) };
  });
}
