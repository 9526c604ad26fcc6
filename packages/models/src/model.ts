import {
  createEmStep,
  isBinary,
  type JsonObject,
  type ModelDescription,
  type NamedArrays,
  type NoiseSpec,
  networkShape,
} from '@nem/core';
import { type EngineChoice, loadEngine } from './engines/table.js';
import type { Unroller } from './engines/unroller.js';
import { type Frame, type FrameLayout, type Frames, prepareFrames, requireByteRange } from './frames.js';
import { groupBatch } from './group.js';
import { type Grouping, groupingOf, MOST_COMPONENTS } from './grouping.js';
import { ModelError } from './model-error.js';
import { requireNoise } from './noise.js';
import { type Names, requireOptions } from './options.js';
import { type ModelSource, openSource } from './source.js';
import { Tracker } from './tracker.js';
import type { TrainedNetwork } from './weights-file.js';

/** What {@link loadModel} may be told. */
export interface LoadOptions {
  /**
   * What computes. Default `auto`: the first of `native`, `wasm` (both of @nem/kernels) and `tensorflow` that is installed, else plain
   * TypeScript, which is always there. A function that makes an engine of `@nem/core`'s interface takes any other.
   */
  readonly engine?: EngineChoice;
}

/** What is common to grouping and following. */
export interface TrackOptions {
  /** K, from 1 to 256. Default: that of training. */
  readonly components?: number;
  /** Seed of the initial γ and of noise, an integer from 0. Default 0. */
  readonly seed?: number;
  /** Noise on the input: true is that of training. Default: none. */
  readonly noise?: boolean | NoiseSpec;
}

/** What {@link Model.group} may be told. */
export interface GroupOptions extends TrackOptions {
  /** EM steps for still images. Default: those of training. A sequence has a step fewer than frames. */
  readonly steps?: number;
  /**
   * Sequences or images side by side: frames are [frames, batch, height, width]. Default: several images are a batch for a network that
   * was trained on still images, and one sequence for another.
   */
  readonly batch?: number;
  /** Which steps are kept. Default: `all` of a sequence, the `last` of still images. */
  readonly keep?: 'last' | 'all';
}

const LOAD_OPTIONS: Names<LoadOptions> = { engine: true };
const TRACK_OPTIONS: Names<TrackOptions> = { components: true, seed: true, noise: true };
const GROUP_OPTIONS: Names<GroupOptions> = { ...TRACK_OPTIONS, steps: true, batch: true, keep: true };

const NO_NOISE: NoiseSpec = { type: 'none' };

const isInteger = (value: unknown, least: number, most: number) =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

/** @throws ModelError for a number that is no integer in this range */
function requireInteger(name: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (isInteger(value, least, most)) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new ModelError(`${name} is ${String(value)}: give an integer ${range}.`);
}

/** A trained network, ready to group what it is shown. */
export class Model {
  /** The network, its mixture, image, K, steps and noise. */
  readonly description: ModelDescription;
  /** How it was trained, as the trainer wrote it; undefined of older files. */
  readonly training: JsonObject | undefined;
  /** Of the images that it reads, in pixels. */
  readonly height: number;
  readonly width: number;
  /** Whether its pixels are 0 or 1. */
  readonly binary: boolean;
  /** Its parameters by name. */
  readonly parameters: NamedArrays;
  readonly #layout: FrameLayout;
  readonly #unroller: Unroller;
  readonly #hiddenSize: number;

  constructor({ description, training, parameters }: TrainedNetwork, unroller: Unroller) {
    [this.height, this.width] = description.image;
    this.description = description;
    this.training = training;
    this.parameters = parameters;
    this.binary = isBinary(description.mixture);
    this.#layout = { image: description.image, binary: this.binary, still: description.still };
    this.#unroller = unroller;
    this.#hiddenSize = networkShape(description.network, this.height * this.width).hiddenSize;
  }

  /** Name of the engine that computes. */
  get engine(): string {
    return this.#unroller.name;
  }

  /**
   * Groups the pixels of one image, of a batch, or of a sequence of frames. The same frames and options give the same result.
   * @throws ModelError for frames or an option that cannot be; InputError for a pixel that is not from 0 to 1
   */
  async group(frames: Frames, options: GroupOptions = {}): Promise<Grouping> {
    requireOptions(options, 'group', GROUP_OPTIONS);
    const { components, seed, noise } = this.#resolve(options);
    const { height, width } = this;
    const prepared = prepareFrames(frames, this.#layout, options.batch);
    requireByteRange(frames);
    const isStill = prepared.count === 1;
    const steps = isStill ? (options.steps ?? this.description.steps) : prepared.count - 1;
    requireInteger('steps', steps, 1, 65_535);
    if (!isStill && options.steps !== undefined && options.steps !== steps) {
      throw new ModelError(
        `steps is ${options.steps} for a sequence of ${prepared.count} frames: leave it out, it is ${steps}.`,
      );
    }
    const keep = options.keep ?? (isStill ? 'last' : 'all');
    if (keep !== 'last' && keep !== 'all') throw new ModelError(`keep is '${String(keep)}': use 'last' or 'all'.`);
    const job = { ...prepared, pixels: height * width, components, steps, seed, noise, keep };
    const found = await groupBatch(this.#unroller, job, this.#hiddenSize);
    const kept = keep === 'all' ? steps : 1;
    const { batch } = prepared;
    return groupingOf(found, { steps: kept, batch, components, height, width, hidden: this.#hiddenSize });
  }

  /**
   * Follows frames as they come, e.g. of a camera: `next(frame)` is one step, on the engine where it can (`native`, `wasm`), else in
   * plain TypeScript.
   * @throws ModelError for an option that cannot be
   */
  track(options: TrackOptions = {}): Tracker {
    requireOptions(options, 'track', TRACK_OPTIONS);
    const job = { ...this.#resolve(options), layout: this.#layout };
    const step = this.#unroller.step?.() ?? createEmStep(this.description, this.parameters);
    return new Tracker(step, job);
  }

  /**
   * The groupings of frames that come one after the other, the state kept: `for await (const { labels } of model.stream(frames))`.
   * Of a network that was trained on sequences, the first is that of the second frame.
   * @throws ModelError for a frame or an option that cannot be
   */
  async *stream(frames: Iterable<Frame> | AsyncIterable<Frame>, options: TrackOptions = {}): AsyncGenerator<Grouping> {
    const tracker = this.track(options);
    for await (const frame of frames) {
      const grouping = await tracker.next(frame);
      if (grouping) yield grouping;
    }
  }

  /** Frees what the engine holds. */
  dispose(): void {
    this.#unroller.dispose();
  }

  #resolve({ components = this.description.components, seed = 0, noise = false }: TrackOptions) {
    requireInteger('components', components, 1, MOST_COMPONENTS);
    requireInteger('seed', seed, 0);
    if (noise === true) return { components, seed, noise: this.description.noise };
    if (noise === false) return { components, seed, noise: NO_NOISE };
    requireNoise(noise);
    return { components, seed, noise };
  }
}

/**
 * Loads a trained network.
 * @param source a name of this package, a run's folder or a safetensors file (a path in Node, or a URL), or the bytes of one
 * @throws ModelError where there is none, it is damaged or says nothing of its network, or the engine cannot run here
 */
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  requireOptions(options, 'loadModel', LOAD_OPTIONS);
  const { engine = 'auto' } = options;
  const network = await openSource(source);
  const makeUnroller = await loadEngine(engine);
  return new Model(network, makeUnroller(network.description, network.parameters));
}
