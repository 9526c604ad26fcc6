import { type EngineSpec, elements, networkShape } from '@nem/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { networks } from '../engine.fixture.js';
import { shaderText, writes } from '../plan/kernel.js';
import { elementAt } from '../required.js';
import { buildPlan, countLaunches, estimateLaunches, type PlanSpec } from './sequence.js';

const storages = Object.fromEntries(
  ['parameters', 'gradients', 'm', 'v', 'numbers', 'levels'].map((label) => [label, { label, elements: 1 }]),
) as unknown as PlanSpec['storages'];

const planOf = (spec: EngineSpec, batch: number, steps: number, training: boolean): PlanSpec => ({
  spec: { ...spec, objective: { ...spec.objective, stepWeights: new Array(steps).fill(1) } },
  shape: networkShape(spec.network, elements(spec.image)),
  storages,
  batch,
  still: false,
  training,
  float16: false,
});

it('the number of launches of a long sequence is estimated without building its plan', () => {
  fc.assert(
    fc.property(networks, fc.integer({ min: 1000, max: 1500 }), fc.boolean(), ({ spec, batch }, steps, training) => {
      const wanted = planOf(spec, batch, steps, training);
      const launches = countLaunches(buildPlan(wanted));
      expect(launches).toBeGreaterThan(7 * steps);
      expect(Math.abs(estimateLaunches(wanted) / launches - 1)).toBeLessThan(0.02);
    }),
    { numRuns: 20 },
  );
});

it('a launch binds a buffer that it writes only once, as WebGPU requires', () => {
  fc.assert(
    fc.property(networks, fc.boolean(), ({ spec, batch }, training) => {
      const { builder } = buildPlan(planOf(spec, batch, 3, training));
      for (const { buffers, access } of Object.values(builder.sections).flat()) {
        const written = buffers.filter((_, i) => writes(elementAt(access, i)));
        for (const storage of written) expect(buffers.filter((other) => other === storage)).toHaveLength(1);
      }
    }),
  );
});

/** An assignment to an element of an element, or to a vector's component. */
const PART_WRITTEN = /\]\[[^[\]]*\]\s*[-+*/]?=[^=]|[\w\])]\.[xyzw]+\s*[-+*/]?=[^=]/;

it('no kernel writes only a part of a vector, because that may write all of it', () => {
  expect('leftTile[(d + 0u) * 9u + at / 4u][at % 4u] = 1.0;').toMatch(PART_WRITTEN);
  expect('tile[i].x += 1.0;').toMatch(PART_WRITTEN);
  expect('let x = tile[i][j]; if (v.x == w[i][j]) { tile[i] = v; }').not.toMatch(PART_WRITTEN);
  fc.assert(
    fc.property(networks, fc.integer({ min: 1, max: 300 }), ({ spec }, batch) => {
      const { builder } = buildPlan(planOf(spec, batch, 2, true));
      for (const { kernel } of Object.values(builder.sections).flat()) {
        expect(shaderText(kernel, true)).not.toMatch(PART_WRITTEN);
      }
    }),
    { numRuns: 30 },
  );
});

it('without a backward half only frames, results and losses grow with the steps', () => {
  fc.assert(
    fc.property(networks, ({ spec, batch }) => {
      const sizes = (steps: number) =>
        new Map(buildPlan(planOf(spec, batch, steps, false)).builder.storages.map((s) => [s.label, s.elements]));
      const [few, many] = [sizes(3), sizes(9)];
      const growing = [...many].filter(([label, size]) => size !== few.get(label)).map(([label]) => label);
      expect(growing).toEqual(
        ['frames', 'frames as bytes', 'noisy frames', 'γ', 'ψ', 'hidden', 'losses', 'losses by workgroup'].filter(
          (label) => many.has(label),
        ),
      );
    }),
  );
});
