import {
  copyArrays,
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
  type Randomness,
  requireEngineSpec,
  requireParameters,
  requirePixels,
  type StepLossValues,
  totalLoss,
} from '@nem/core';
import { deriveKey, type Key } from '@nem/random';
import { DeviceWatch } from './device-errors.js';
import { EngineState } from './engine-state.js';
import { OutOfMemoryError } from './errors.js';
import { packFrames } from './frames.js';
import type { Device } from './gpu-types.js';
import { requireNoise } from './kernels/random.js';
import { Lifetime } from './lifetime.js';
import type { SequencePlan } from './lower/sequence.js';
import type { Section, Slots, Storage } from './plan/builder.js';
import { requireResults } from './plan/limits.js';
import { requireTimestamps } from './plan/profile.js';
import { scoped } from './plan/scoped.js';
import { type CompiledPlan, Plans, usedFeatures } from './plans.js';
import { ReadBack, type Region, type Values } from './read-back.js';
import { requireCompileFields, requireDevice, requirePlan, requireWhole } from './require.js';
import { elementAt } from './required.js';
import type { CompileSpec, PlanInfo, WebGpuEngine } from './spec.js';
import { WorkQueue } from './work-queue.js';

const TRAINING: readonly Section[] = ['forward', 'backward', 'update'];

class CompiledEngine implements WebGpuEngine {
  readonly name = 'webgpu';
  readonly stepsInFlight = 2;
  readonly #device: GPUDevice;
  readonly #watch: DeviceWatch;
  readonly #spec: EngineSpec;
  readonly #shape: NetworkShape;
  readonly #pixels: number;
  readonly #steps: number;
  readonly #state: EngineState;
  readonly #plans: Plans;
  readonly #readBack: ReadBack;
  readonly #queue = new WorkQueue();
  readonly #lifetime = new Lifetime();
  #packed = new Uint8Array(0);

  constructor(device: GPUDevice, watch: DeviceWatch, spec: CompileSpec) {
    this.#device = device;
    this.#watch = watch;
    this.#spec = spec;
    this.#pixels = elements(spec.image);
    this.#steps = spec.objective.stepWeights.length;
    this.#shape = networkShape(spec.network, this.#pixels);
    // Before any buffer is made.
    const features = usedFeatures(device, spec);
    const state = new EngineState(device, this.#shape);
    this.#state = state;
    this.#plans = new Plans(device, { spec, shape: this.#shape, state, features, lifetime: this.#lifetime });
    this.#readBack = new ReadBack(device);
  }

  /** Uploads the parameters' initial values. */
  start(key: Key): void {
    this.#state.start(initializeParameters(this.#shape.parameters, key));
  }

  async plan(batch: number, { still = false }: { still?: boolean } = {}): Promise<PlanInfo> {
    requirePlan(batch, still);
    const { program } = await this.#watch.guard(() => this.#inTurn(() => this.#plans.get(batch, still, true)));
    this.#watch.check();
    return { dispatches: program.launches(['frames', 'randomness', ...TRAINING]), bytes: program.bytes };
  }

  async trainStep(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number }> {
    const { losses } = await this.#run(batch, randomness, TRAINING, () => []);
    return { loss: totalLoss(this.#spec.objective, losses) };
  }

  async gradients(batch: FrameBatch, randomness: Randomness): Promise<{ loss: number; gradients: NamedArrays }> {
    const { losses, regions } = await this.#run(batch, randomness, ['forward', 'backward'], () => [
      whole(this.#state.storages.gradients),
    ]);
    return { loss: totalLoss(this.#spec.objective, losses), gradients: this.#state.named(regions[0]) };
  }

  async infer(batch: FrameBatch, randomness: Randomness, options: { steps?: 'last' | 'all' } = {}): Promise<Inference> {
    const first = options.steps === 'all' ? 0 : this.#steps - 1;
    const kept = this.#steps - first;
    const part = ({ storage, at }: Slots, from: number, row: number) => ({
      storage,
      start: at(from),
      length: kept * row,
    });
    const frame = batch.batch * this.#pixels;
    const image = frame * this.#spec.components;
    const hiddenRow = batch.batch * this.#spec.components * this.#shape.hiddenSize;
    const { losses, regions } = await this.#run(batch, randomness, ['forward'], (plan) => [
      part(plan.gamma, first + 1, image),
      part(plan.psi, first, image),
      part(plan.hidden, first + 1, hiddenRow),
      part(plan.corrupted, first, frame),
    ]);
    const [gamma, predictions, hidden, corrupted] = regions;
    return { losses, loss: totalLoss(this.#spec.objective, losses), gamma, predictions, hidden, corrupted };
  }

  async profile(batch: FrameBatch, randomness: Randomness): Promise<KernelProfile[]> {
    requireWhole(batch);
    return this.#watch.guard(async () => {
      requireTimestamps(this.#device);
      return this.#inTurn(async () => {
        const compiled = await this.#planOf(batch, TRAINING);
        const sections = this.#upload(compiled, batch, randomness, TRAINING);
        return compiled.program.profile(sections, () => this.#lifetime.check());
      });
    });
  }

  async parameters(): Promise<NamedArrays> {
    const { arrays } = await this.#readShared([this.#state.storages.parameters]);
    return arrays[0];
  }

  setParameters(parameters: NamedArrays): void {
    this.#watch.check();
    requireParameters(this.#shape.parameters, parameters);
    this.#writeLater([[this.#state.storages.parameters, parameters]]);
  }

  async optimizerState(): Promise<OptimizerState> {
    const { storages } = this.#state;
    const { updates, arrays } = await this.#readShared([storages.m, storages.v]);
    const [m, v] = arrays;
    return { updates, m, v };
  }

  setOptimizerState({ updates, m, v }: OptimizerState): void {
    this.#watch.check();
    requireParameters(this.#shape.parameters, m);
    requireParameters(this.#shape.parameters, v);
    const { storages } = this.#state;
    const writes = [[storages.m, m] as const, [storages.v, v] as const];
    this.#writeLater(writes, () => {
      this.#state.updates = updates;
    });
  }

  /**
   * Frees every buffer. The device stays the caller's. Calls whose commands are submitted already still give their results; all others
   * are rejected.
   */
  dispose(): void {
    this.#lifetime.end();
    this.#plans.destroy();
    this.#readBack.destroy();
    this.#state.destroy();
  }

  /** Runs work after all that was requested before. @throws DisposedError where the engine is disposed of before it is this work's turn */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.run(() => {
      this.#lifetime.check();
      return work();
    });
  }

  /** The plan of a batch, compiled if needed. */
  async #planOf({ batch, frames }: FrameBatch, sections: readonly Section[]): Promise<CompiledPlan> {
    const still = frames.length === batch * this.#pixels;
    const compiled = await this.#plans.get(batch, still, sections.includes('backward'));
    this.#lifetime.check();
    return compiled;
  }

  /** Uploads the batch and the run's numbers, and returns the sections to run. */
  #upload(
    { plan, program }: CompiledPlan,
    batch: FrameBatch,
    randomness: Randomness,
    sections: readonly Section[],
  ): readonly Section[] {
    const upload = (storage: Storage, values: Float32Array | Uint8Array) => {
      // Dawn's module for Node ends the process where it is given shared memory; a slice of it is not shared.
      const own = values.buffer instanceof ArrayBuffer ? values : values.slice();
      this.#device.queue.writeBuffer(program.buffer(storage), 0, own as GPUAllowSharedBufferSource);
    };
    const first: Section[] = [];
    const bytes = this.#bytes(plan.packed.elements * 4);
    if (packFrames(batch.frames, bytes)) {
      upload(plan.packed, bytes);
      first.push('frames');
    } else {
      requirePixels(batch);
      upload(plan.clean.storage, batch.frames);
    }
    if ('corrupted' in randomness) {
      upload(plan.corrupted.storage, randomness.corrupted.subarray(0, this.#steps * batch.batch * this.#pixels));
      upload(plan.gamma.storage, randomness.gamma0);
    } else {
      first.push('randomness');
    }
    const adam = sections.includes('update') ? { options: this.#spec.optimizer } : undefined;
    this.#state.writeNumbers(randomness, adam);
    return [...first, ...sections];
  }

  /** Memory for a batch's frames as bytes. It is reused: `writeBuffer` copies what it is given before it returns. */
  #bytes(length: number): Uint8Array {
    if (this.#packed.length < length) this.#packed = new Uint8Array(length);
    return this.#packed.subarray(0, length);
  }

  /** Runs sections as one submission, which ends with copies of what is read back. */
  #run<const Regions extends readonly Region[]>(
    batch: FrameBatch,
    randomness: Randomness,
    wanted: readonly Section[],
    read: (plan: SequencePlan) => Regions,
  ): Promise<{ losses: StepLossValues[]; regions: Values<Regions> }> {
    requireWhole(batch);
    return this.#watch.guard(async () => {
      const { result } = await this.#inTurn(async () => {
        const compiled = await this.#planOf(batch, wanted);
        const { plan, program } = compiled;
        const losses = { storage: plan.losses.storage, start: 0, length: 3 * this.#steps };
        const regions = [losses, ...read(plan)] as const;
        const count = regions.reduce((sum, { length }) => sum + length, 0);
        requireResults(count, batch.batch, this.#device.limits);
        const sections = this.#upload(compiled, batch, randomness, wanted);
        const encoder = this.#device.createCommandEncoder();
        program.encode(encoder, sections);
        // Wrapped in an object, so that the queue goes on as soon as the commands are submitted and only the caller waits for the results.
        return { result: this.#readBack.submit(encoder, regions, (storage) => program.buffer(storage)) };
      });
      const [losses, ...regions] = await result;
      return { losses: stepLosses(losses, batch.batch), regions };
    });
  }

  /** Reads buffers that all plans share, as they are after all that was requested before, and the number of updates by then. */
  #readShared<const Storages extends readonly Storage[]>(
    storages: Storages,
  ): Promise<{ updates: number; arrays: { -readonly [i in keyof Storages]: NamedArrays } }> {
    return this.#watch.guard(async () => {
      const { updates, results } = await this.#inTurn(async () => ({
        updates: this.#state.updates,
        // One staging buffer each: two together may be larger than the device allows.
        results: storages.map((storage) => this.#readWhole(storage)),
      }));
      const arrays = await Promise.all(results);
      return { updates, arrays: arrays as { -readonly [i in keyof Storages]: NamedArrays } };
    });
  }

  async #readWhole(storage: Storage): Promise<NamedArrays> {
    const encoder = this.#device.createCommandEncoder();
    const [values] = await this.#readBack.submit(encoder, [whole(storage)], () => this.#state.buffer(storage));
    return this.#state.named(values);
  }

  /** Writes arrays to buffers after all commands that were requested before. */
  #writeLater(writes: readonly (readonly [Storage, NamedArrays])[], done: () => void = () => {}): void {
    const copies = writes.map(([storage, arrays]) => [storage, copyArrays(arrays)] as const);
    void this.#queue.run(async () => {
      if (this.#lifetime.isOver) return;
      for (const [storage, arrays] of copies) this.#state.write(storage, arrays);
      done();
    });
  }
}

const whole = (storage: Storage): Region => ({ storage, start: 0, length: storage.elements });

function stepLosses(values: Float32Array, batch: number): StepLossValues[] {
  return Array.from({ length: values.length / 3 }, (_, t) => ({
    intra: elementAt(values, 3 * t) / batch,
    inter: elementAt(values, 3 * t + 1) / batch,
    upper: elementAt(values, 3 * t + 2) / batch,
  }));
}

/** Fields of {@link CompileSpec} that are not in {@link EngineSpec}. */
const OWN_FIELDS: readonly Exclude<keyof CompileSpec, keyof EngineSpec>[] = [
  'key',
  'batch',
  'still',
  'subgroups',
  'products',
];

/**
 * An engine of @nem/core's interface on a GPU device that the caller owns. A training step is one submission: it uploads
 * the batch, replays the compiled launches and reads back only the losses; everything else stays on the device. It takes whole
 * batches, no shards.
 * @throws NetworkError for a network that cannot be built; InputError for another part of the specification, or no device
 * @throws RangeError for an unknown distribution, noise or precision, or parameters of the mixture that are out of range
 * @throws PlanError if the parameters or, with `batch`, the plan does not fit the device's limits, or an option needs a feature that the device lacks
 * @throws OutOfMemoryError, DeviceLostError; ShaderError if `batch` is given; without it, the first step throws that
 */
export async function compile(device: Device, spec: CompileSpec): Promise<WebGpuEngine> {
  requireDevice(device);
  if (spec?.noise) requireNoise(spec.noise);
  requireEngineSpec(spec, OWN_FIELDS);
  requireCompileFields(spec);
  const watch = new DeviceWatch(device);
  const { made: engine, error } = scoped(device, 'out-of-memory', () => new CompiledEngine(device, watch, spec));
  try {
    if (await watch.guard(() => error)) {
      throw new OutOfMemoryError('the device has not enough memory for the parameters: make the layers smaller.');
    }
    watch.check();
    engine.start(spec.key ?? deriveKey(0, 'parameters'));
    if (spec.batch !== undefined) await engine.plan(spec.batch, { still: spec.still });
    return guardEngine(engine, spec, { checksPixels: true });
  } catch (error) {
    engine.dispose();
    throw error;
  }
}
