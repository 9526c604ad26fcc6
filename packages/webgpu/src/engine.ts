import {
  type Engine,
  type EngineSpec,
  elements,
  type FrameBatch,
  type Inference,
  initializeParameters,
  type NamedArrays,
  NetworkError,
  type NetworkShape,
  networkShape,
  type OptimizerState,
  type Randomness,
  requireComponents,
  requireParameters,
  resolveAdam,
  resolveMixture,
  type StepLossValues,
} from '@nem/core/spec';
import { deriveKey, foldIn, type Key } from '@nem/random';
import { DeviceWatch } from './device-errors.js';
import { RUN_NUMBERS } from './kernels/random.js';
import { type EngineStorages, parameterOffsets } from './lower/context.js';
import { buildPlan, type SequencePlan } from './lower/sequence.js';
import { requireLimits, type Section, type Slots, type Storage } from './plan/builder.js';
import { GPUBufferUsageFlags, type KernelTime, Pipelines, Program } from './plan/program.js';

/** What {@link compile} compiles. */
export interface CompileSpec extends EngineSpec {
  /** Key of the parameters' start. Default: that of seed 0. */
  readonly key?: Key;
  /** Sequences in a batch; where given, the training step is compiled at once instead of at its first use. */
  readonly batch?: number;
  /** Whether batches hold one still frame instead of T + 1. Default false; counts only with `batch`. */
  readonly still?: boolean;
}

/** What a compiled training step takes. */
export interface PlanInfo {
  /** Kernel launches of one training step. */
  readonly dispatches: number;
  /** Bytes of its buffers, without the parameters and Adam's state. */
  readonly bytes: number;
}

/** An engine whose training step is compiled for a GPU device. */
export interface WebGpuEngine extends Engine {
  /** Compiles the training step for a batch, where that is not done yet. */
  plan(batch: number, options?: { still?: boolean }): Promise<PlanInfo>;
  /**
   * Device time of one training step by kernel, longest first; it updates the parameters as a step does.
   * @throws Error where the device was made without the feature 'timestamp-query'
   */
  profile(batch: FrameBatch, randomness: Randomness): Promise<KernelTime[]>;
}

interface CompiledPlan {
  readonly plan: SequencePlan;
  readonly program: Program;
}

/** Part of a buffer to read back, in elements. */
interface Region {
  readonly storage: Storage;
  readonly start: number;
  readonly length: number;
}

/** Serves the work in order: a later call's commands come after an earlier one's, without waiting for its results. */
class Queue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

class CompiledEngine implements WebGpuEngine {
  readonly name = 'webgpu';
  readonly #device: GPUDevice;
  readonly #watch: DeviceWatch;
  readonly #spec: EngineSpec;
  readonly #shape: NetworkShape;
  readonly #pixels: number;
  readonly #steps: number;
  readonly #offsets: ReturnType<typeof parameterOffsets>;
  readonly #storages: EngineStorages;
  readonly #buffers = new Map<Storage, GPUBuffer>();
  readonly #plans = new Map<string, Promise<CompiledPlan>>();
  readonly #pipelines: Pipelines;
  readonly #queue = new Queue();
  #updates = 0;

  constructor(device: GPUDevice, spec: CompileSpec) {
    requireComponents(spec.components);
    resolveMixture(spec.mixture);
    this.#device = device;
    this.#watch = new DeviceWatch(device);
    this.#pipelines = new Pipelines(device);
    this.#spec = spec;
    this.#pixels = elements(spec.image);
    this.#steps = spec.objective.stepWeights.length;
    this.#shape = networkShape(spec.network, this.#pixels);
    this.#offsets = parameterOffsets(this.#shape.parameters);
    const { total } = this.#offsets;
    const storage = (label: string, count: number) => ({ label, elements: count });
    this.#storages = {
      parameters: storage('parameters', total),
      gradients: storage('gradients', total),
      m: storage('first moments', total),
      v: storage('second moments', total),
      numbers: storage('run numbers', RUN_NUMBERS.length),
    };
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsageFlags;
    for (const shared of Object.values(this.#storages)) {
      const { label, elements: count } = shared;
      this.#buffers.set(shared, device.createBuffer({ label, size: count * 4, usage: STORAGE | COPY_SRC | COPY_DST }));
    }
    this.#write(
      this.#storages.parameters,
      initializeParameters(this.#shape.parameters, spec.key ?? deriveKey(0, 'parameters')),
    );
  }

  async plan(batch: number, { still = false }: { still?: boolean } = {}): Promise<PlanInfo> {
    const { program } = await this.#watch.guard(() => this.#compiled(batch, still, true));
    return { dispatches: program.launches(['randomness', 'forward', 'backward', 'update']), bytes: program.bytes };
  }

  async trainStep(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number }> {
    const { losses } = await this.#run(batch, randomness, true, ['forward', 'backward', 'update'], () => []);
    return { loss: this.#total(losses) };
  }

  async gradients(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number; gradients: NamedArrays }> {
    const whole = { storage: this.#storages.gradients, start: 0, length: this.#offsets.total };
    const { losses, regions } = await this.#run(batch, randomness, true, ['forward', 'backward'], () => [whole]);
    return { loss: this.#total(losses), gradients: this.#named(regions[0]) };
  }

  async infer(batch: FrameBatch, randomness: Randomness, options: { steps?: 'last' | 'all' } = {}): Promise<Inference> {
    const first = options.steps === 'all' ? 0 : this.#steps - 1;
    const kept = this.#steps - first;
    const part = (slots: Slots, from: number, row: number) => ({
      storage: slots.storage,
      start: slots.at(from),
      length: kept * row,
    });
    const frame = batch.batch * this.#pixels;
    const image = frame * this.#spec.components;
    const hiddenRow = batch.batch * this.#spec.components * this.#shape.hiddenSize;
    const { losses, regions } = await this.#run(batch, randomness, false, ['forward'], (plan) => [
      part(plan.gamma, first + 1, image),
      part(plan.psi, first, image),
      part(plan.hidden, first + 1, hiddenRow),
      part(plan.corrupted, first, frame),
    ]);
    const [gamma, predictions, hidden, corrupted] = regions;
    return { losses, loss: this.#total(losses), gamma, predictions, hidden, corrupted };
  }

  profile(batch: FrameBatch, randomness: Randomness): Promise<KernelTime[]> {
    if (!this.#device.features.has('timestamp-query')) {
      throw new Error("the device has no timestamps: request it with the feature 'timestamp-query'.");
    }
    return this.#watch.guard(() =>
      this.#queue.run(async () => {
        const compiled = await this.#prepare(batch, randomness, true);
        this.#writeNumbers(randomness, true);
        return compiled.program.profile([...drawn(randomness), 'forward', 'backward', 'update']);
      }),
    );
  }

  async parameters(): Promise<NamedArrays> {
    return this.#named(await this.#readShared(this.#storages.parameters));
  }

  setParameters(parameters: NamedArrays): void {
    this.#watch.check();
    requireParameters(this.#shape.parameters, parameters);
    this.#writeLater([[this.#storages.parameters, parameters]]);
  }

  async optimizerState(): Promise<OptimizerState> {
    const [m, v] = await Promise.all([this.#readShared(this.#storages.m), this.#readShared(this.#storages.v)]);
    return { updates: this.#updates, m: this.#named(m), v: this.#named(v) };
  }

  setOptimizerState({ updates, m, v }: OptimizerState): void {
    this.#watch.check();
    requireParameters(this.#shape.parameters, m);
    requireParameters(this.#shape.parameters, v);
    this.#writeLater(
      [
        [this.#storages.m, m],
        [this.#storages.v, v],
      ],
      () => {
        this.#updates = updates;
      },
    );
  }

  /** Frees every buffer. The device stays the caller's. */
  dispose(): void {
    for (const made of this.#plans.values()) {
      made.then(({ program }) => program.destroy()).catch(() => undefined);
    }
    this.#plans.clear();
    for (const buffer of this.#buffers.values()) buffer.destroy();
  }

  /** The plan of a batch; inference runs on the training plan's forward half where there is one. */
  #compiled(batch: number, still: boolean, training: boolean): Promise<CompiledPlan> {
    const key = (full: boolean) => [batch, still, full].join();
    const known = this.#plans.get(key(true)) ?? this.#plans.get(key(training));
    if (known) return known;
    const made = this.#compile(batch, still, training);
    this.#plans.set(key(training), made);
    made.catch(() => this.#plans.delete(key(training)));
    return made;
  }

  async #compile(batch: number, still: boolean, training: boolean): Promise<CompiledPlan> {
    const storages = this.#storages;
    const plan = buildPlan({ spec: this.#spec, shape: this.#shape, storages, batch, still, training });
    requireLimits(plan.builder, this.#device.limits, batch);
    return { plan, program: await Program.create(this.#device, plan.builder, this.#buffers, this.#pipelines) };
  }

  /** Compiles where needed and uploads the batch. */
  async #prepare(batch: FrameBatch, randomness: Randomness, training: boolean): Promise<CompiledPlan> {
    const row = batch.batch * this.#pixels;
    const still = batch.frames.length === row;
    if (!still && batch.frames.length !== (this.#steps + 1) * row) {
      throw new NetworkError(
        `a batch of ${batch.batch} has ${batch.frames.length} pixels: give 1 or ${this.#steps + 1} frames of ${this.#pixels} pixels each.`,
      );
    }
    const compiled = await this.#compiled(batch.batch, still, training);
    const { plan, program } = compiled;
    const upload = (storage: Storage, values: Float32Array) =>
      this.#device.queue.writeBuffer(program.buffer(storage), 0, values as Float32Array<ArrayBuffer>);
    upload(plan.clean.storage, batch.frames);
    if ('corrupted' in randomness) {
      upload(plan.corrupted.storage, randomness.corrupted.subarray(0, this.#steps * row));
      upload(plan.gamma.storage, randomness.gamma0);
    }
    return compiled;
  }

  /** One submission: the given sections, with what is read back copied at its end. */
  #run(
    batch: FrameBatch,
    randomness: Randomness,
    training: boolean,
    sections: readonly Section[],
    read: (plan: SequencePlan) => readonly Region[],
  ): Promise<{ losses: StepLossValues[]; regions: Float32Array[] }> {
    return this.#watch.guard(async () => {
      const { result } = await this.#queue.run(async () => {
        const { plan, program } = await this.#prepare(batch, randomness, training);
        this.#writeNumbers(randomness, sections.includes('update'));
        const encoder = this.#device.createCommandEncoder();
        program.encode(encoder, [...drawn(randomness), ...sections]);
        const losses = { storage: plan.losses.storage, start: 0, length: 3 * this.#steps };
        // Wrapped: the queue goes on when the commands are submitted, the caller when they are done.
        return { result: this.#readBack(encoder, [losses, ...read(plan)], (storage) => program.buffer(storage)) };
      });
      const [losses, ...regions] = await result;
      return { losses: stepLosses(losses, batch.batch), regions };
    });
  }

  #writeNumbers(randomness: Randomness, updates: boolean): void {
    const numbers = new Uint32Array(RUN_NUMBERS.length);
    if ('noise' in randomness) {
      numbers.set([...foldIn(randomness.noise, 0), ...foldIn(randomness.noise, 1), ...randomness.gamma]);
    }
    if (updates) {
      this.#updates++;
      const { learningRate, beta1, beta2 } = resolveAdam(this.#spec.optimizer);
      const rates = [learningRate / (1 - beta1 ** this.#updates), 1 / (1 - beta2 ** this.#updates)];
      numbers.set(new Uint32Array(Float32Array.from(rates).buffer), RUN_NUMBERS.adam);
    }
    this.#device.queue.writeBuffer(this.#buffers.get(this.#storages.numbers) as GPUBuffer, 0, numbers);
  }

  async #readBack(
    encoder: GPUCommandEncoder,
    regions: readonly Region[],
    bufferOf: (storage: Storage) => GPUBuffer,
  ): Promise<Float32Array[]> {
    const total = regions.reduce((sum, region) => sum + region.length, 0);
    const { MAP_READ, COPY_DST } = GPUBufferUsageFlags;
    const staging = this.#device.createBuffer({ label: 'read back', size: total * 4, usage: MAP_READ | COPY_DST });
    try {
      let at = 0;
      for (const { storage, start, length } of regions) {
        encoder.copyBufferToBuffer(bufferOf(storage), start * 4, staging, at * 4, length * 4);
        at += length;
      }
      this.#device.queue.submit([encoder.finish()]);
      await staging.mapAsync(1);
      const values = new Float32Array(staging.getMappedRange());
      at = 0;
      return regions.map(({ length }) => {
        at += length;
        return values.slice(at - length, at);
      });
    } finally {
      staging.destroy();
    }
  }

  #readShared(storage: Storage): Promise<Float32Array> {
    return this.#watch.guard(async () => {
      const { result } = await this.#queue.run(async () => {
        const encoder = this.#device.createCommandEncoder();
        const whole = { storage, start: 0, length: storage.elements };
        return { result: this.#readBack(encoder, [whole], () => this.#buffers.get(storage) as GPUBuffer) };
      });
      return (await result)[0];
    });
  }

  #write(storage: Storage, arrays: NamedArrays): void {
    const flat = new Float32Array(this.#offsets.total);
    for (const [name, at] of this.#offsets.at) flat.set(arrays[name].values, at);
    this.#device.queue.writeBuffer(this.#buffers.get(storage) as GPUBuffer, 0, flat);
  }

  /** After the commands asked for so far. */
  #writeLater(writes: readonly (readonly [Storage, NamedArrays])[], done: () => void = () => {}): void {
    const copies = writes.map(([storage, arrays]) => [storage, structuredClone(arrays)] as const);
    void this.#queue.run(async () => {
      for (const [storage, arrays] of copies) this.#write(storage, arrays);
      done();
    });
  }

  #named(flat: Float32Array): NamedArrays {
    return Object.fromEntries(
      this.#shape.parameters.map(({ name, shape }) => {
        const at = this.#offsets.at.get(name) as number;
        return [name, { shape, values: flat.slice(at, at + elements(shape)) }];
      }),
    );
  }

  #total(losses: readonly StepLossValues[]): number {
    const { stepWeights, interWeight } = this.#spec.objective;
    return losses.reduce((sum, step, t) => sum + stepWeights[t] * (step.intra + interWeight * step.inter), 0);
  }
}

/** Noise and initial γ are made on the device unless they are given. */
function drawn(randomness: Randomness): Section[] {
  return 'noise' in randomness ? ['randomness'] : [];
}

function stepLosses(values: Float32Array, batch: number): StepLossValues[] {
  return Array.from({ length: values.length / 3 }, (_, t) => ({
    intra: values[3 * t] / batch,
    inter: values[3 * t + 1] / batch,
    upper: values[3 * t + 2] / batch,
  }));
}

/**
 * An engine of @nem/core's interface on a GPU device that the caller owns. A training step is one submission: it uploads
 * the batch, replays the compiled launches and reads back only the losses; everything else stays on the device.
 * @throws NetworkError for a network that cannot be built
 * @throws PlanError where `batch` is given and the plan does not fit the device's limits
 * @throws ShaderError, OutOfMemoryError, DeviceLostError where `batch` is given, as the first step does otherwise
 */
export async function compile(device: GPUDevice, spec: CompileSpec): Promise<WebGpuEngine> {
  const engine = new CompiledEngine(device, spec);
  if (spec.batch !== undefined) {
    try {
      await engine.plan(spec.batch, { still: spec.still });
    } catch (error) {
      engine.dispose();
      throw error;
    }
  }
  return engine;
}
