import {
  clipGradients,
  copyArrays,
  type Engine,
  type EngineSpec,
  elements,
  type FrameBatch,
  guardEngine,
  type Inference,
  initializeParameters,
  type KernelProfile,
  type NamedArrays,
  type NetworkShape,
  networkShape,
  type OptimizerState,
  type ParameterSpec,
  type Randomness,
  requireCount,
  requireEngineSpec,
  requireFlag,
  requireKey,
  requireParameters,
  sumByKernel,
} from '@nem/core';
import type { Key } from '@nem/random';
import type { Arena, Kernels, Precision } from '../kernels.js';
import { KernelsError } from '../kernels-error.js';
import { createKernelAdam, type KernelAdam } from './adam.js';
import { runInference } from './infer.js';
import { type Inputs, writeGamma, writeNoisy } from './inputs.js';
import type { ParameterViews } from './lower/program.js';
import { describe } from './plan/profile.js';
import { arrayAt, type Plan, Plans, type TrainingPlan, writeNamed } from './plans.js';
import { requireKernels } from './require.js';

/** How an engine of the kernels is made. */
export interface KernelEngineOptions {
  /** How products are computed. Default: 'float32'. */
  readonly precision?: Precision;
  /** Default: the kernels' target. */
  readonly name?: string;
  /** See {@link Engine.device}. Default: the kernels' variant. */
  readonly device?: string;
}

/** What a training step needs. */
export interface PlanInfo {
  /** Instructions of a step. */
  readonly instructions: number;
  /** Bytes of its arena. */
  readonly bytes: number;
}

/** An engine on the kernels: one thread. One call at a time. */
export interface KernelEngine extends Engine {
  /** As {@link Engine.gradients}, into arrays that are used again and again, with the parameters' names and shapes. */
  gradientsInto(batch: FrameBatch, randomness: Randomness, out: NamedArrays): Promise<{ loss: number }>;
  /**
   * Makes the training step of a batch, unless that is done already.
   * @param batch samples, at least 1
   * @param options `still`: whether the batch holds one frame (default false); `of`: samples of the whole batch, of which this one is
   *   a shard (default: it is the whole)
   * @throws InputError for a batch or an option that it cannot take; DisposedError after `dispose()`
   * @throws KernelsError where there is not enough memory
   */
  plan(batch: number, options?: { still?: boolean; of?: number }): PlanInfo;
  /** Time of one training step's instructions by kernel, longest first. The parameters stay. */
  profile(batch: FrameBatch, randomness: Randomness): Promise<KernelProfile[]>;
}

/** Views of an array by parameter, one after the other in the network's order. */
function namedViews(specs: readonly ParameterSpec[], whole: Float32Array): NamedArrays {
  let at = 0;
  return Object.fromEntries(
    specs.map(({ name, shape }) => {
      const values = whole.subarray(at, at + elements(shape));
      at += values.length;
      return [name, { shape, values }];
    }),
  );
}

/** Copies of arrays into others with the same names. */
function writeArrays(to: NamedArrays, from: NamedArrays): void {
  for (const [name, { values }] of Object.entries(to)) values.set(from[name]!.values);
}

/** Runs of a profile: each instruction counts by its fastest one, for a thread may lose its processor for a while. */
const PROFILE_RUNS = 5;

/** Milliseconds of each program of an arena, run one after the other. */
function bestTimes(arena: Arena, programs: number): Float64Array {
  const best = new Float64Array(programs).fill(Infinity);
  for (let run = 0; run < PROFILE_RUNS; run++) {
    for (let i = 0; i < programs; i++) {
      const start = performance.now();
      arena.run(i);
      best[i] = Math.min(best[i]!, performance.now() - start);
    }
  }
  return best;
}

class ArenaEngine implements KernelEngine {
  readonly name: string;
  readonly device: string;
  readonly #kernels: Kernels;
  readonly #spec: EngineSpec;
  readonly #shape: NetworkShape;
  readonly #plans: Plans;
  readonly #adam: KernelAdam;
  readonly #parameters: NamedArrays;
  readonly #gradients: NamedArrays;
  readonly #m: NamedArrays;
  readonly #v: NamedArrays;
  /** Changes with the parameters: a plan's copies are of one version. */
  #version = 0;
  #updates = 0;

  constructor(kernels: Kernels, spec: EngineSpec, key: Key, options: KernelEngineOptions) {
    const { precision = 'float32', name = kernels.target, device = kernels.variant } = options;
    this.name = name;
    this.device = device;
    this.#kernels = kernels;
    this.#spec = spec;
    this.#shape = networkShape(spec.network, elements(spec.image));
    const { parameters: specs } = this.#shape;
    this.#plans = new Plans({ kernels, precision, spec, shape: this.#shape });
    const count = specs.reduce((sum, { shape }) => sum + elements(shape), 0);
    this.#adam = createKernelAdam(kernels, count, spec.optimizer);
    this.#parameters = namedViews(specs, this.#adam.parameters);
    this.#gradients = namedViews(specs, this.#adam.gradients);
    this.#m = namedViews(specs, this.#adam.m);
    this.#v = namedViews(specs, this.#adam.v);
    writeArrays(this.#parameters, initializeParameters(specs, key));
  }

  plan(batch: number, { still = false, of = batch }: { still?: boolean; of?: number } = {}): PlanInfo {
    requireCount('the batch', batch);
    requireCount('of', of);
    requireFlag('still', still);
    const { program } = this.#plans.training(batch, still, of);
    return { instructions: program.instructions.length, bytes: program.floats * Float32Array.BYTES_PER_ELEMENT };
  }

  async trainStep(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number }> {
    const loss = this.#differentiate(batch, randomness, this.#gradients);
    clipGradients([this.#adam.gradients], this.#spec.optimizer);
    this.#adam.update(++this.#updates);
    this.#version++;
    return { loss };
  }

  async gradients(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number; gradients: NamedArrays }> {
    const loss = this.#differentiate(batch, randomness, this.#gradients);
    return { loss, gradients: copyArrays(this.#gradients) };
  }

  async gradientsInto(batch: FrameBatch, randomness: Randomness, out: NamedArrays): Promise<{ loss: number }> {
    requireParameters(this.#shape.parameters, out);
    return { loss: this.#differentiate(batch, randomness, out) };
  }

  async infer(batch: FrameBatch, randomness: Randomness, options: { steps?: 'last' | 'all' } = {}): Promise<Inference> {
    const plan = this.#current(this.#plans.inference(batch.batch));
    return runInference(plan, this.#inputs(batch, randomness), options.steps === 'all');
  }

  async profile(batch: FrameBatch, randomness: Randomness): Promise<KernelProfile[]> {
    const { program } = this.#trainingPlan(batch);
    const single = program.instructions.map((words) => Int32Array.from(words));
    const arena = this.#kernels.createArena(program.floats, single);
    const plan = this.#current({ program, arena, version: -1 });
    this.#writeInputs(plan, this.#inputs(batch, randomness));
    const times = bestTimes(arena, single.length);
    const described = program.instructions.map((words) => describe(words, this.#kernels));
    return sumByKernel(described.map((each, i) => ({ ...each, milliseconds: times[i]! })));
  }

  async parameters(out?: NamedArrays): Promise<NamedArrays> {
    return copyArrays(this.#parameters, out);
  }

  setParameters(parameters: NamedArrays): void {
    requireParameters(this.#shape.parameters, parameters);
    writeArrays(this.#parameters, parameters);
    this.#version++;
  }

  async optimizerState(out?: OptimizerState): Promise<OptimizerState> {
    return { updates: this.#updates, m: copyArrays(this.#m, out?.m), v: copyArrays(this.#v, out?.v) };
  }

  setOptimizerState({ updates, m, v }: OptimizerState): void {
    requireParameters(this.#shape.parameters, m);
    requireParameters(this.#shape.parameters, v);
    this.#updates = updates;
    writeArrays(this.#m, m);
    writeArrays(this.#v, v);
  }

  dispose(): void {
    this.#plans.clear();
  }

  #inputs(batch: FrameBatch, randomness: Randomness): Inputs {
    return { spec: this.#spec, batch, randomness, pixels: elements(this.#spec.image) };
  }

  #trainingPlan({ batch, frames, shard }: FrameBatch): TrainingPlan {
    const still = frames.length === batch * elements(this.#spec.image);
    return this.#plans.training(batch, still, shard?.of ?? batch);
  }

  /** A plan with the parameters of now. */
  #current<P extends { readonly parameters: ParameterViews }>(plan: Plan<P>): Plan<P> {
    if (plan.version !== this.#version) writeNamed(plan.arena, plan.program.parameters, this.#parameters);
    plan.version = this.#version;
    return plan;
  }

  #writeInputs({ arena, program }: TrainingPlan, inputs: Inputs): void {
    const clean = arrayAt(arena, program.clean);
    clean.set(inputs.batch.frames.subarray(0, clean.length));
    const noisy = arrayAt(arena, program.corrupted);
    const row = inputs.batch.batch * inputs.pixels;
    for (let step = 0; step < program.steps; step++) {
      writeNoisy(inputs, step, noisy.subarray(step * row, (step + 1) * row));
    }
    writeGamma(inputs, arrayAt(arena, program.gamma0));
  }

  /** Writes the gradients to `out`; gives the loss. */
  #differentiate(batch: FrameBatch, randomness: Randomness, out: NamedArrays): number {
    const plan = this.#current(this.#trainingPlan(batch));
    const { arena, program } = plan;
    this.#writeInputs(plan, this.#inputs(batch, randomness));
    arena.run(0);
    for (const [name, view] of program.gradients.of) out[name]!.values.set(arrayAt(arena, view));
    return this.#loss(arrayAt(arena, program.losses), program.steps, batch.shard?.of ?? batch.batch);
  }

  /** Σ over steps of weight · (intra + λ · inter), of the steps that have weight. */
  #loss(losses: Float32Array, steps: number, batchSize: number): number {
    const { stepWeights, interWeight } = this.#spec.objective;
    let loss = 0;
    for (let step = 0; step < steps; step++) {
      const weight = stepWeights[step]!;
      const [intra, inter] = [losses[3 * step]!, losses[3 * step + 1]!];
      if (weight !== 0) loss += (weight * (intra + interWeight * inter)) / batchSize;
    }
    return loss;
  }
}

/**
 * An engine on the kernels, one thread, with parameters at their start.
 * @param key of the parameters' start
 * @throws NetworkError for a network that cannot be built; RangeError for the mixture; InputError for another part of the
 *   specification, the kernels or the key
 * @throws KernelsError for a precision that the kernels' variant lacks, and where there is not enough memory for the parameters
 */
export function createKernelEngine(
  kernels: Kernels,
  spec: EngineSpec,
  key: Key,
  options: KernelEngineOptions = {},
): KernelEngine {
  const { precision = 'float32' } = options;
  requireKernels(kernels);
  requireKey(key);
  if (!kernels.precisions.includes(precision)) {
    throw new KernelsError(
      `The variant ${kernels.variant} has no products in ${precision}: use ${kernels.precisions.join(' or ')}.`,
    );
  }
  requireEngineSpec(spec);
  return guardEngine(new ArenaEngine(kernels, spec, key, options), spec, { atOnce: ['plan'] });
}
