import { describe, expect, it } from 'vitest';
import { bestEpoch } from './epoch-record.js';
import { syntheticEpochs } from './synthetic-epochs.fixture.js';

const withLosses = (...losses: number[]) =>
  syntheticEpochs(losses.length).map((record, i) => ({
    ...record,
    validation: { ...record.validation, loss: losses[i]! },
  }));

describe('bestEpoch', () => {
  it('has the lowest validation loss, the first of equals', () => {
    expect(bestEpoch(withLosses(3, 1, 2, 1))?.epoch).toBe(2);
  });

  it('passes over losses that are no number', () => {
    expect(bestEpoch(withLosses(Number.NaN, 5, Number.NaN, 4))?.epoch).toBe(4);
  });

  it('passes over null, which JSON has for NaN', () => {
    expect(bestEpoch(JSON.parse(JSON.stringify(withLosses(Number.NaN, 5, 4, Number.NaN))))?.epoch).toBe(3);
  });

  it('of a run in stages is that of its last stage, though one before had a lower loss', () => {
    const staged = withLosses(1, 4, 3, 5).map((record, i) => ({ ...record, stage: i < 2 ? 1 : 2 }));
    expect(bestEpoch(staged)?.epoch).toBe(3);
  });

  it('is undefined without any', () => {
    expect(bestEpoch(withLosses(Number.NaN))).toBeUndefined();
    expect(bestEpoch([])).toBeUndefined();
  });
});
