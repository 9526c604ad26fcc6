import type { Engine, EngineSpec } from '../engine/engine.js';
import { required } from '../network/required.js';
import type { GoldenVector } from './vector.js';

/** Largest relative errors allowed: ten times those between two independent implementations. */
export const TOLERANCES = { value: 2e-5, gradient: 2e-4 } as const;

/** One compared quantity. */
export interface Comparison {
  readonly quantity: string;
  /** ‖ours − expected‖ / ‖expected‖. */
  readonly error: number;
  readonly tolerance: number;
  readonly holds: boolean;
}

/** ‖ours − expected‖ / ‖expected‖; infinite where the lengths differ, absolute where all expected values are 0. */
export function relativeError(ours: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (ours.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < ours.length; i++) {
    difference += (ours[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
}

function compare(
  quantity: string,
  ours: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): Comparison {
  const error = relativeError(ours, expected);
  return { quantity, error, tolerance, holds: error <= tolerance };
}

async function compareValues(engine: Engine, vector: GoldenVector): Promise<Comparison[]> {
  const { clean, corrupted, gamma0, batch, expected, spec } = vector;
  const result = await engine.infer({ frames: clean, batch }, { corrupted, gamma0 }, { steps: 'all' });
  const { interWeight } = spec.objective;
  const ours: Record<string, ArrayLike<number>> = {
    loss: [result.loss],
    hidden: result.hidden,
    pred: result.predictions,
    gamma: result.gamma,
    intra: result.losses.map((step) => step.intra),
    inter: result.losses.map((step) => step.inter),
    total: result.losses.map((step) => step.intra + interWeight * step.inter),
    upper: result.losses.map((step) => step.upper),
  };
  // A quantity that no engine has differs by its length.
  return Object.entries(expected).map(([name, values]) => compare(name, ours[name] ?? [], values, TOLERANCES.value));
}

async function compareGradients(engine: Engine, vector: GoldenVector): Promise<Comparison[]> {
  if (!vector.gradients) return [];
  const { clean, corrupted, gamma0, batch } = vector;
  const { gradients } = await engine.gradients({ frames: clean, batch }, { corrupted, gamma0 });
  return Object.entries(vector.gradients).map(([name, { values }]) =>
    compare(`gradient of ${name}`, required(gradients, name).values, values, TOLERANCES.gradient),
  );
}

async function compareTraining(engine: Engine, vector: GoldenVector): Promise<Comparison[]> {
  if (!vector.training) return [];
  const { clean, corrupted, gamma0, batch, training } = vector;
  const losses: number[] = [];
  for (let update = 0; update < training.updates; update++) {
    losses.push((await engine.trainStep({ frames: clean, batch }, { corrupted, gamma0 })).loss);
  }
  const parameters = await engine.parameters();
  return [
    compare('losses before the updates', losses, training.losses, TOLERANCES.value),
    ...Object.entries(training.parameters).map(([name, values]) =>
      compare(
        `${name} after ${training.updates} updates`,
        required(parameters, name).values,
        values,
        TOLERANCES.gradient,
      ),
    ),
  ];
}

/** Runs `vector` on an engine that `createEngine` makes, and compares every quantity that it holds. */
export async function verify(
  createEngine: (spec: EngineSpec) => Promise<Engine>,
  vector: GoldenVector,
): Promise<Comparison[]> {
  const engine = await createEngine(vector.spec);
  try {
    engine.setParameters(vector.parameters);
    return [
      ...(await compareValues(engine, vector)),
      ...(await compareGradients(engine, vector)),
      ...(await compareTraining(engine, vector)),
    ];
  } finally {
    engine.dispose();
  }
}
