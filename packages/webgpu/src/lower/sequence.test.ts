import { elements, networkShape } from '@nem/core/spec';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { networks } from '../engine.fixture.js';
import { buildPlan, countLaunches, estimateLaunches, type PlanSpec } from './sequence.js';

it('the launches of a long sequence are known before its plan is built', () => {
  fc.assert(
    fc.property(networks, fc.integer({ min: 1000, max: 1500 }), fc.boolean(), ({ spec, batch }, steps, training) => {
      const storages = Object.fromEntries(
        ['parameters', 'gradients', 'm', 'v', 'numbers', 'levels'].map((label) => [label, { label, elements: 1 }]),
      ) as unknown as PlanSpec['storages'];
      const wanted: PlanSpec = {
        spec: { ...spec, objective: { ...spec.objective, stepWeights: new Array(steps).fill(1) } },
        shape: networkShape(spec.network, elements(spec.image)),
        storages,
        batch,
        still: false,
        training,
        float16: false,
      };
      const launches = countLaunches(buildPlan(wanted));
      expect(launches).toBeGreaterThan(7 * steps);
      expect(Math.abs(estimateLaunches(wanted) / launches - 1)).toBeLessThan(0.02);
    }),
    { numRuns: 20 },
  );
});
