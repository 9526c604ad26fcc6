import { type Inference, type StepLossValues, totalLoss } from '@nem/core';
import { type Inputs, writeClean, writeGamma, writeNoisy } from './inputs.js';
import { arrayAt, type InferencePlan } from './plans.js';

/** Room for the results of `kept` steps. */
function room({ program }: InferencePlan, kept: number) {
  const array = (length: number) => new Float32Array(kept * length);
  return {
    gamma: array(program.gamma.length),
    predictions: array(program.psi.length),
    hidden: array(program.hidden.length),
    corrupted: array(program.noisy.length),
  };
}

/** What a step leaves in the arena, by its name in the results. */
const arraysOf = ({ arena, program }: InferencePlan) => ({
  gamma: arrayAt(arena, program.gamma),
  predictions: arrayAt(arena, program.psi),
  hidden: arrayAt(arena, program.hidden),
  corrupted: arrayAt(arena, program.noisy),
});

function stepLosses({ arena, program }: InferencePlan, batchSize: number): StepLossValues {
  const [intra, inter, upper] = arrayAt(arena, program.losses) as unknown as [number, number, number];
  return { intra: intra / batchSize, inter: inter / batchSize, upper: upper / batchSize };
}

/** Runs the program of one step once for each step. @param all whether every step is kept, not only the last one */
export function runInference(plan: InferencePlan, inputs: Inputs, all: boolean): Inference {
  const { objective, initialPrediction = 0 } = inputs.spec;
  const steps = objective.stepWeights.length;
  const first = all ? 0 : steps - 1;
  const results = room(plan, steps - first);
  const now = arraysOf(plan);
  const clean = arrayAt(plan.arena, plan.program.clean);
  writeGamma(inputs, now.gamma);
  now.predictions.fill(initialPrediction);
  now.hidden.fill(0);
  const losses: StepLossValues[] = [];
  for (let step = 0; step < steps; step++) {
    writeClean(inputs, step + 1, clean);
    writeNoisy(inputs, step, now.corrupted);
    plan.arena.run(0);
    losses.push(stepLosses(plan, inputs.batch.shard?.of ?? inputs.batch.batch));
    if (step < first) continue;
    for (const [name, values] of Object.entries(now)) {
      results[name as keyof typeof results].set(values, (step - first) * values.length);
    }
  }
  return { losses, loss: totalLoss(objective, losses), ...results };
}
