import type { Key } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { adamUpdate, clipGradients } from '../model/adam.js';
import type { Engine, EngineSpec, Inference, OptimizerState, Randomness } from '../model/engine/engine.js';
import { type FrameBatch, frameAt } from '../model/engine/frames.js';
import { guardEngine } from '../model/engine/guard-engine.js';
import { InputError } from '../model/engine/input-error.js';
import { requireKey } from '../model/engine/require.js';
import { requireEngineSpec } from '../model/engine/require-spec.js';
import { pixelDistribution } from '../model/mixture/distributions.js';
import type { PixelDistribution } from '../model/mixture/pixel-distribution.js';
import { initializeParameters, requireParameters } from '../model/network/parameters.js';
import { required } from '../model/network/required.js';
import { elements } from '../model/network/sample-shape.js';
import { corruptFrame, initialGamma } from '../model/noise.js';
import { totalLoss } from '../model/objective.js';
import { copyArrays } from '../model/weights/copy-arrays.js';
import type { NamedArrays } from '../model/weights/safetensors.js';
import type { Cell } from './em/cell.js';
import { createCell } from './em/create-cell.js';
import { differentiateSequence, type Frames, inferSequence, type Unrolling } from './em/sequence.js';
import { GradientSums } from './ops/gradient-sums.js';

const zerosLike = (arrays: NamedArrays): NamedArrays =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, values }]) => [
      name,
      { shape, values: new Float32Array(values.length) },
    ]),
  );

/** An engine that leaves its gradients where the caller wants them. */
export interface GradientEngine extends Engine {
  /**
   * As {@link Engine.gradients}, into arrays that are used again and again.
   * @param out with the parameters' names and shapes
   * @throws NetworkError where `out` has others
   */
  gradientsInto(batch: FrameBatch, randomness: Randomness, out: NamedArrays): Promise<{ loss: number }>;
}

/** How an engine is called. */
export interface EngineIdentity {
  /** Default: the name of the backend that is current when it is read. */
  readonly name?: string;
  /** See {@link Engine.device}. */
  readonly device?: string;
}

/** @throws InputError where TensorFlow.js has no backend that is ready */
function requireBackend(): void {
  try {
    tf.backend();
  } catch (cause) {
    throw new InputError(
      'TensorFlow.js has no backend that is ready: import one, such as @tensorflow/tfjs-backend-cpu, and await tf.setBackend() before the engine is made.',
      { cause },
    );
  }
}

/**
 * An engine on the backend of TensorFlow.js that is current at each call: parameters and Adam's state live in plain arrays between
 * calls. Each call computes before it returns its promise, so that calls which are not awaited come one after the other.
 */
class TensorFlowEngine implements GradientEngine {
  readonly device: string | undefined;
  readonly #name: string | undefined;
  readonly #spec: EngineSpec;
  readonly #cell: Cell;
  readonly #distribution: PixelDistribution;
  readonly #pixels: number;
  readonly #parameters: NamedArrays;
  #m: NamedArrays;
  #v: NamedArrays;
  /** Room for the gradients of {@link trainStep}. */
  #gradients: NamedArrays | undefined;
  #updates = 0;

  constructor(spec: EngineSpec, key: Key, { name, device }: EngineIdentity) {
    this.#name = name;
    this.device = device;
    this.#spec = spec;
    this.#pixels = elements(spec.image);
    this.#cell = createCell(spec.network, this.#pixels);
    this.#distribution = pixelDistribution(spec.mixture);
    this.#parameters = copyArrays(initializeParameters(this.#cell.parameters, key));
    this.#m = zerosLike(this.#parameters);
    this.#v = zerosLike(this.#parameters);
  }

  get name(): string {
    return this.#name ?? tf.getBackend();
  }

  async trainStep(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number }> {
    this.#gradients ??= zerosLike(this.#parameters);
    const gradients = this.#gradients;
    const loss = this.#differentiate(batch, randomness, gradients);
    this.#updates++;
    clipGradients(
      Object.values(gradients).map(({ values }) => values),
      this.#spec.optimizer,
    );
    for (const [name, { values }] of Object.entries(this.#parameters)) {
      const of = (arrays: NamedArrays) => required(arrays, name).values;
      adamUpdate(values, of(gradients), of(this.#m), of(this.#v), this.#updates, this.#spec.optimizer);
    }
    return { loss };
  }

  async gradients(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number; gradients: NamedArrays }> {
    const gradients = zerosLike(this.#parameters);
    return { loss: this.#differentiate(batch, randomness, gradients), gradients };
  }

  async gradientsInto(batch: FrameBatch, randomness: Randomness, out: NamedArrays): Promise<{ loss: number }> {
    requireParameters(this.#cell.parameters, out);
    return { loss: this.#differentiate(batch, randomness, out) };
  }

  /** Writes the gradients into `out`; gives the loss. */
  #differentiate(batch: FrameBatch, randomness: Randomness, out: NamedArrays): number {
    const sums = new GradientSums();
    try {
      let loss = 0;
      tf.tidy(() => {
        const { frames, gamma0 } = this.#frames(batch, randomness);
        loss = differentiateSequence(this.#unrolling(batch), frames, gamma0, sums);
        for (const { name } of this.#cell.parameters) {
          const sum = sums.get(name);
          const { values } = required(out, name);
          if (sum) values.set(sum.dataSync<'float32'>());
          else values.fill(0);
        }
      });
      return loss;
    } finally {
      sums.dispose();
    }
  }

  async infer(batch: FrameBatch, randomness: Randomness, options: { steps?: 'last' | 'all' } = {}): Promise<Inference> {
    const steps = this.#spec.objective.stepWeights.length;
    const first = options.steps === 'all' ? 0 : steps - 1;
    const image = batch.batch * this.#spec.components * this.#pixels;
    const row = batch.batch * this.#pixels;
    const hiddenRow = batch.batch * this.#spec.components * this.#cell.hiddenSize;
    const kept = steps - first;
    const gamma = new Float32Array(kept * image);
    const predictions = new Float32Array(kept * image);
    const hidden = new Float32Array(kept * hiddenRow);
    const corrupted = new Float32Array(kept * row);
    const part = (values: Float32Array, step: number) =>
      values.subarray((step * values.length) / kept, ((step + 1) * values.length) / kept);
    const losses = tf.tidy(() => {
      const { frames, gamma0 } = this.#frames(batch, randomness);
      const copied: Frames = {
        target: frames.target,
        corrupted: (step) => {
          const frame = frames.corrupted(step);
          if (step >= first) part(corrupted, step - first).set(frame.dataSync<'float32'>());
          return frame;
        },
      };
      return inferSequence(this.#unrolling(batch), copied, gamma0, (step, state) => {
        if (step < first) return;
        part(gamma, step - first).set(state.gamma.dataSync<'float32'>());
        part(predictions, step - first).set(state.psi.dataSync<'float32'>());
        part(hidden, step - first).set(state.hidden.dataSync<'float32'>());
      }) as unknown as tf.TensorContainer;
    }) as unknown as Inference['losses'];
    return { losses, loss: totalLoss(this.#spec.objective, losses), gamma, predictions, hidden, corrupted };
  }

  async parameters(out?: NamedArrays): Promise<NamedArrays> {
    return copyArrays(this.#parameters, out);
  }

  setParameters(parameters: NamedArrays): void {
    requireParameters(this.#cell.parameters, parameters);
    // Into the arrays that are there: a worker is given its parameters before each step.
    for (const [name, { values }] of Object.entries(this.#parameters)) values.set(required(parameters, name).values);
  }

  async optimizerState(out?: OptimizerState): Promise<OptimizerState> {
    return { updates: this.#updates, m: copyArrays(this.#m, out?.m), v: copyArrays(this.#v, out?.v) };
  }

  setOptimizerState({ updates, m, v }: OptimizerState): void {
    requireParameters(this.#cell.parameters, m);
    requireParameters(this.#cell.parameters, v);
    this.#updates = updates;
    this.#m = copyArrays(m, this.#m);
    this.#v = copyArrays(v, this.#v);
  }

  dispose(): void {
    // Nothing lives on the backend between steps.
  }

  #unrolling({ batch, shard }: FrameBatch): Unrolling {
    const { objective, components, initialPrediction = 0 } = this.#spec;
    return {
      cell: this.#cell,
      parameters: this.#tensors(),
      distribution: this.#distribution,
      objective,
      components,
      initialPrediction,
      batchSize: shard?.of ?? batch,
    };
  }

  #tensors(): Record<string, tf.Tensor> {
    return Object.fromEntries(
      // Backends that keep the array they are given see no other values: Adam writes once the step's tensors are gone.
      Object.entries(this.#parameters).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
    );
  }

  #frames(whole: FrameBatch, randomness: Randomness): { frames: Frames; gamma0: tf.Tensor3D } {
    const { components, noise } = this.#spec;
    const { batch, shard } = whole;
    const row = batch * this.#pixels;
    const image = (values: Float32Array) => tf.tensor2d(values, [batch, this.#pixels]);
    const noisy = (t: number) => {
      if ('corrupted' in randomness) return randomness.corrupted.subarray(t * row, (t + 1) * row);
      const out = new Float32Array(row);
      corruptFrame(noise, randomness.noise, whole, this.#pixels, t, out);
      return out;
    };
    const gamma =
      'gamma0' in randomness
        ? randomness.gamma0
        : initialGamma(randomness.gamma, batch, components, this.#pixels, shard?.first);
    return {
      frames: { target: (t) => image(frameAt(whole, this.#pixels, t + 1)), corrupted: (t) => image(noisy(t)) },
      gamma0: tf.tensor3d(gamma, [batch, components, this.#pixels]),
    };
  }
}

/**
 * An engine on TensorFlow.js with parameters at their start. Each call runs on the backend that is current then: another
 * `tf.setBackend()` moves the engine there.
 * @param key of the parameters' start
 * @throws NetworkError for a network that cannot be built; InputError or RangeError for another part of the specification;
 *   InputError for the key, and where TensorFlow.js has no backend that is ready
 */
export function createTensorFlowEngine(spec: EngineSpec, key: Key, identity: EngineIdentity = {}): GradientEngine {
  requireKey(key);
  requireEngineSpec(spec);
  requireBackend();
  return guardEngine(new TensorFlowEngine(spec, key, identity), spec);
}
