import type { Engine, Inference } from '@nem/core';
import { drawSamples } from '@nem/datasets';
import { overviewSvg } from '@nem/report';
import { describe, expect, it } from 'vitest';
import { findExperiment } from '../experiments/index.js';
import { movingDots } from './moving-dots.fixture.js';
import { overviewSamples } from './run-pictures.js';

const PIXELS = 48;
const K = 2;

/** An engine whose every value tells its step, input and component, so that a picture of another is noticed. */
function tellingEngine(steps: number): Pick<Engine, 'infer'> {
  return {
    async infer({ batch }): Promise<Inference> {
      const fill = (rows: number, value: (step: number, row: number) => number) =>
        Float32Array.from({ length: steps * rows * PIXELS }, (_, i) => {
          const row = Math.floor(i / PIXELS);
          return value(Math.floor(row / rows), row % rows);
        });
      return {
        losses: [],
        loss: 0,
        corrupted: fill(batch, (step, b) => step + b / 10),
        gamma: fill(batch * K, (step, row) => step + row / 100),
        predictions: fill(batch * K, (step, row) => -step - row / 100),
        hidden: new Float32Array(0),
      };
    },
  };
}

const experiment = (steps: number) => ({ ...findExperiment('static-shapes'), steps, components: K });

describe.each([
  ['a sequence of 4 frames', 4, 3],
  ['a sequence of 2 frames', 2, 1],
  ['a still image', 1, 3],
])('the overview of %s', (_, frames, steps) => {
  const dataset = movingDots(frames, 3);
  const draw = () =>
    overviewSamples({
      engine: tellingEngine(steps) as Engine,
      dataset,
      experiment: experiment(steps),
      seed: 1,
      count: 3,
    });

  it('has, step by step, the noisy frame t and the target and groups of frame t + 1', async () => {
    const samples = await draw();
    const clean = drawSamples(dataset, 'test', [0, 1, 2]);
    expect(samples).toHaveLength(3);
    samples.forEach((sample, b) => {
      for (let step = 0; step < steps; step++) {
        const frame = frames === 1 ? 0 : step + 1;
        const at = (frame * 3 + b) * PIXELS;
        const ofStep = step * PIXELS;
        expect(sample.inputs[ofStep]).toBeCloseTo(step + b / 10, 6);
        expect(sample.targets!.subarray(ofStep, ofStep + PIXELS)).toEqual(clean.features.subarray(at, at + PIXELS));
        expect(sample.groups.subarray(ofStep, ofStep + PIXELS)).toEqual(clean.groups.subarray(at, at + PIXELS));
      }
    });
  });

  it('has each input’s own γ and predictions', async () => {
    const samples = await draw();
    samples.forEach((sample, b) => {
      for (let step = 0; step < steps; step++) {
        for (let k = 0; k < K; k++) {
          const at = (step * K + k) * PIXELS;
          expect(sample.gamma[at]).toBeCloseTo(step + (b * K + k) / 100, 5);
          expect(sample.predictions[at + PIXELS - 1]).toBeCloseTo(-step - (b * K + k) / 100, 5);
        }
      }
    });
    expect(overviewSvg(samples)).toContain('target x (clean)');
  });
});
