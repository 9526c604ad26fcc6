import type { Key } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { type Cell, createCell } from '../em/cell.js';
import { differentiateSequence, type Frames, inferSequence, type Unrolling } from '../em/sequence.js';
import { elements } from '../network/layer.js';
import { initializeParameters, requireParameters } from '../network/parameters.js';
import { Mixture } from '../ops/mixture.js';
import type { NamedArrays } from '../weights/safetensors.js';
import { adamUpdate } from './adam.js';
import { requireComponents } from './components.js';
import type { Engine, EngineSpec, FrameBatch, Inference, OptimizerState, Randomness } from './engine.js';
import { requireFrames } from './frames.js';
import { corrupt, initialGamma } from './noise.js';

type State = Record<string, { shape: readonly number[]; values: Float32Array }>;

const copy = (arrays: NamedArrays): State =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]),
  );

const zerosLike = (arrays: NamedArrays): State =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, values }]) => [
      name,
      { shape, values: new Float32Array(values.length) },
    ]),
  );

/** How an engine is called. */
export interface EngineIdentity {
  /** Default: the backend's name. */
  readonly name?: string;
  /** See {@link Engine.device}. */
  readonly device?: string;
}

/** An engine on the current backend of TensorFlow.js: parameters and Adam's state live in plain arrays between steps. */
class TensorFlowEngine implements Engine {
  readonly name: string;
  readonly device: string | undefined;
  readonly #spec: EngineSpec;
  readonly #cell: Cell;
  readonly #mixture: Mixture;
  readonly #pixels: number;
  #parameters: State;
  #m: State;
  #v: State;
  #updates = 0;

  constructor(spec: EngineSpec, key: Key, { name = tf.getBackend(), device }: EngineIdentity) {
    requireComponents(spec.components);
    this.name = name;
    this.device = device;
    this.#spec = spec;
    this.#pixels = elements(spec.image);
    this.#cell = createCell(spec.network, this.#pixels);
    this.#mixture = new Mixture(spec.mixture);
    this.#parameters = copy(initializeParameters(this.#cell.parameters, key));
    this.#m = zerosLike(this.#parameters);
    this.#v = zerosLike(this.#parameters);
  }

  async trainStep(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number }> {
    const { loss, gradients } = await this.gradients(batch, randomness);
    this.#updates++;
    for (const [name, { values }] of Object.entries(this.#parameters)) {
      const { [name]: gradient } = gradients;
      adamUpdate(
        values,
        gradient.values,
        this.#m[name].values,
        this.#v[name].values,
        this.#updates,
        this.#spec.optimizer,
      );
    }
    return { loss };
  }

  async gradients(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number; gradients: NamedArrays }> {
    let result: { loss: number; gradients: NamedArrays } | undefined;
    tf.tidy(() => {
      const { frames, gamma0 } = this.#frames(batch, randomness);
      const tensors = this.#tensors();
      const { loss, gradients } = differentiateSequence(this.#unrolling(batch), tensors, frames, gamma0);
      const arrays = Object.entries(this.#parameters).map(([name, { shape, values }]) => {
        const sum = gradients.get(name);
        return [name, { shape, values: sum ? (sum.dataSync() as Float32Array) : new Float32Array(values.length) }];
      });
      gradients.dispose();
      // Not by way of `tidy`'s result, in which it would look for tensors: a key of a string for each number.
      result = { loss, gradients: Object.fromEntries(arrays) };
    });
    return result as NonNullable<typeof result>;
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
    const losses = tf.tidy(() => {
      const { frames, gamma0 } = this.#frames(batch, randomness);
      const copied: Frames = {
        target: frames.target,
        corrupted: (step) => {
          const frame = frames.corrupted(step);
          if (step >= first) corrupted.set(frame.dataSync(), (step - first) * row);
          return frame;
        },
      };
      return inferSequence(this.#unrolling(batch), this.#tensors(), copied, gamma0, (step, state) => {
        if (step < first) return;
        gamma.set(state.gamma.dataSync(), (step - first) * image);
        predictions.set(state.psi.dataSync(), (step - first) * image);
        hidden.set(state.hidden.dataSync(), (step - first) * hiddenRow);
      }) as unknown as tf.TensorContainer;
    }) as unknown as Inference['losses'];
    const { stepWeights, interWeight } = this.#spec.objective;
    const loss = losses.reduce((sum, step, t) => sum + stepWeights[t] * (step.intra + interWeight * step.inter), 0);
    return { losses, loss, gamma, predictions, hidden, corrupted };
  }

  async parameters(): Promise<NamedArrays> {
    return copy(this.#parameters);
  }

  setParameters(parameters: NamedArrays): void {
    requireParameters(this.#cell.parameters, parameters);
    const copied = copy(parameters);
    this.#parameters = Object.fromEntries(this.#cell.parameters.map(({ name }) => [name, copied[name]]));
  }

  async optimizerState(): Promise<OptimizerState> {
    return { updates: this.#updates, m: copy(this.#m), v: copy(this.#v) };
  }

  setOptimizerState({ updates, m, v }: OptimizerState): void {
    requireParameters(this.#cell.parameters, m);
    requireParameters(this.#cell.parameters, v);
    this.#updates = updates;
    this.#m = copy(m);
    this.#v = copy(v);
  }

  dispose(): void {
    // Nothing lives on the backend between steps.
  }

  #unrolling({ batch, shard }: FrameBatch): Unrolling {
    const { objective, components, initialPrediction = 0 } = this.#spec;
    return {
      cell: this.#cell,
      mixture: this.#mixture,
      objective,
      components,
      initialPrediction,
      batchSize: shard?.of ?? batch,
    };
  }

  #tensors(): Record<string, tf.Tensor> {
    return Object.fromEntries(
      // The CPU backend keeps the array that it is given, and Adam writes into ours.
      Object.entries(this.#parameters).map(([name, { shape, values }]) => [
        name,
        tf.tensor(values.slice(), [...shape]),
      ]),
    );
  }

  #frames(
    { frames, batch, shard = { first: 0, of: batch } }: FrameBatch,
    randomness: Randomness,
  ): { frames: Frames; gamma0: tf.Tensor3D } {
    const { components, noise, objective } = this.#spec;
    const row = batch * this.#pixels;
    requireFrames({ frames, batch }, this.#pixels, objective.stepWeights.length);
    const still = frames.length === row;
    const clean = (t: number) => (still ? frames : frames.subarray(t * row, (t + 1) * row));
    const image = (values: Float32Array) => tf.tensor2d(values.slice(), [batch, this.#pixels]);
    const noisy = (t: number) => {
      if ('corrupted' in randomness) return randomness.corrupted.subarray(t * row, (t + 1) * row);
      const out = new Float32Array(row);
      corrupt(noise, randomness.noise, clean(t), out, (t * shard.of + shard.first) * this.#pixels);
      return out;
    };
    const gamma =
      'gamma0' in randomness
        ? randomness.gamma0
        : initialGamma(randomness.gamma, batch, components, this.#pixels, shard.first);
    return {
      frames: { target: (t) => image(clean(t + 1)), corrupted: (t) => image(noisy(t)) },
      gamma0: tf.tensor3d(gamma.slice(), [batch, components, this.#pixels]),
    };
  }
}

/**
 * An engine on the current backend of TensorFlow.js, with parameters at their start.
 * @param key of the parameters' start
 * @throws NetworkError for a network that cannot be built
 */
export function createTensorFlowEngine(spec: EngineSpec, key: Key, identity: EngineIdentity = {}): Engine {
  return new TensorFlowEngine(spec, key, identity);
}
