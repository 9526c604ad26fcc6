import {
  type EmState,
  type EmStep,
  type EmStepSpec,
  type EngineSpec,
  elements,
  initialEmState,
  type NamedArrays,
  networkShape,
  requireEngineSpec,
  requireParameters,
  requireStepLengths,
} from '@nem/core';
import type { Kernels } from '../kernels.js';
import { arrayAt, type InferencePlan, Plans, writeNamed } from './plans.js';
import { requireKernels } from './require.js';

/** What a plan of one step is made for: the objective and the noise play no part in it. */
function engineSpecOf({ network, mixture, image, initialPrediction }: EmStepSpec, components: number): EngineSpec {
  const objective = { interWeight: 1, stepWeights: [1], gammaGradient: false };
  return { network, mixture, image, initialPrediction, components, objective, noise: { type: 'none' } };
}

/** One step on an arena: its inputs are written there, its results copied out. */
function runStep(
  { arena, program }: InferencePlan,
  { gamma, psi, hidden }: EmState,
  corrupted: Float32Array,
  clean: Float32Array,
): EmState {
  const now = { gamma: arrayAt(arena, program.gamma), psi: arrayAt(arena, program.psi) };
  const state = arrayAt(arena, program.hidden);
  now.gamma.set(gamma);
  now.psi.set(psi);
  state.set(hidden);
  arrayAt(arena, program.noisy).set(corrupted);
  arrayAt(arena, program.clean).set(clean);
  arena.run(0);
  return { gamma: now.gamma.slice(), psi: now.psi.slice(), hidden: state.slice() };
}

/**
 * A trained network as a function of one step, on the kernels: what `createEmStep` of @nem/core is in plain TypeScript. A program is
 * made for each K, when it is first used; that of the last one is kept.
 * @throws NetworkError where the network cannot be built or the parameters are not its own; RangeError for the mixture; InputError for
 *   the kernels, the image and the prediction before the first step. Its `next` throws KernelsError where there is not enough memory
 */
export function createKernelStep(kernels: Kernels, spec: EmStepSpec, parameters: NamedArrays): EmStep {
  requireKernels(kernels);
  requireEngineSpec(engineSpecOf(spec, 1));
  const { image, initialPrediction } = spec;
  const pixels = elements(image);
  const shape = networkShape(spec.network, pixels);
  requireParameters(shape.parameters, parameters);
  const { hiddenSize } = shape;
  let plans: Plans | undefined;
  let made = 0;
  const planFor = (batch: number, components: number): InferencePlan => {
    if (!plans || made !== components) {
      plans = new Plans({ kernels, precision: 'float32', spec: engineSpecOf(spec, components), shape });
      made = components;
    }
    const plan = plans.inference(batch);
    if (plan.version < 0) writeNamed(plan.arena, plan.program.parameters, parameters);
    plan.version = 0;
    return plan;
  };
  return {
    hiddenSize,
    start: (gamma) => initialEmState(gamma, pixels, hiddenSize, initialPrediction),
    next(state, corrupted, clean) {
      requireStepLengths(state, corrupted, clean, pixels, hiddenSize);
      const plan = planFor(corrupted.length / pixels, state.gamma.length / corrupted.length);
      return runStep(plan, state, corrupted, clean);
    },
  };
}
