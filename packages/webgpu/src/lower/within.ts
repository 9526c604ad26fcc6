import { type Excess, excessError, excessOf, type PlanSize, requireLaunches } from '../plan/limits.js';
import { buildPlan, estimateLaunches, type PlanSpec, type SequencePlan } from './sequence.js';

/** A plan of at most this many steps is built without estimating its launches first. */
const MANY_STEPS = 1000;

/**
 * A plan that fits a device's limits.
 * @throws PlanError for one that does not; it names the number to lower
 */
export function planWithin(wanted: PlanSpec, limits: GPUSupportedLimits): SequencePlan {
  const { batch, spec } = wanted;
  const size = { batch, components: spec.components, steps: spec.objective.stepWeights.length };
  if (size.steps > MANY_STEPS) requireLaunches(estimateLaunches(wanted), size.steps);
  const made = planOrExcess(wanted, limits);
  if ('builder' in made) return made;
  throw excessError(made, size, (smaller) => {
    const other = planOrExcess(resized(wanted, smaller), limits);
    return 'builder' in other ? undefined : other;
  });
}

/** A plan, or what of it exceeds the limits most: a plan of many steps that does not fit is not kept, for it is large. */
function planOrExcess(wanted: PlanSpec, limits: GPUSupportedLimits): SequencePlan | Excess {
  const plan = buildPlan(wanted);
  return excessOf(plan.builder, limits) ?? plan;
}

/** The same for another size. Which weights the steps have does not matter to its buffers and launches. */
function resized(wanted: PlanSpec, { batch, components, steps }: PlanSize): PlanSpec {
  const { spec } = wanted;
  const objective = { ...spec.objective, stepWeights: new Array<number>(steps).fill(1) };
  return { ...wanted, batch, spec: { ...spec, components, objective } };
}
