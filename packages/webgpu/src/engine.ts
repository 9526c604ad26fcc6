import {
  type EngineSpec,
  elements,
  type FrameBatch,
  guardEngine,
  type Inference,
  InputError,
  initializeParameters,
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
import type { SequencePlan } from './lower/sequence.js';
import type { Section, Slots, Storage } from './plan/builder.js';
import { type KernelProfile, requireTimestamps } from './plan/profile.js';
import { type CompiledPlan, Plans } from './plans.js';
import { ReadBack, type Region, type Values } from './read-back.js';
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
  #packed = new Uint8Array(0);

  constructor(device: GPUDevice, spec: CompileSpec) {
    this.#device = device;
    this.#watch = new DeviceWatch(device);
    this.#spec = spec;
    this.#pixels = elements(spec.image);
    this.#steps = spec.objective.stepWeights.length;
    this.#shape = networkShape(spec.network, this.#pixels);
    this.#state = new EngineState(device, this.#shape);
    this.#plans = new Plans(device, spec, this.#shape, this.#state);
    this.#readBack = new ReadBack(device);
  }

  /** Uploads the parameters' initial values. */
  start(key: Key): void {
    this.#state.start(initializeParameters(this.#shape.parameters, key));
  }

  async plan(batch: number, { still = false }: { still?: boolean } = {}): Promise<PlanInfo> {
    const { program } = await this.#watch.guard(() => this.#plans.get(batch, still, true));
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

  profile(batch: FrameBatch, randomness: Randomness): Promise<KernelProfile[]> {
    return this.#watch.guard(async () => {
      requireTimestamps(this.#device);
      return this.#queue.run(async () => {
        const { program, sections } = await this.#prepare(batch, randomness, TRAINING);
        return program.profile(sections);
      });
    });
  }

  async parameters(): Promise<NamedArrays> {
    return this.#state.named(await this.#readShared(this.#state.storages.parameters));
  }

  setParameters(parameters: NamedArrays): void {
    this.#watch.check();
    requireParameters(this.#shape.parameters, parameters);
    this.#writeLater([[this.#state.storages.parameters, parameters]]);
  }

  async optimizerState(): Promise<OptimizerState> {
    const { storages } = this.#state;
    const [m, v] = await Promise.all([this.#readShared(storages.m), this.#readShared(storages.v)]);
    return { updates: this.#state.updates, m: this.#state.named(m), v: this.#state.named(v) };
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

  /** Frees every buffer. The device stays the caller's. */
  dispose(): void {
    this.#plans.destroy();
    this.#readBack.destroy();
    this.#state.destroy();
  }

  /** Compiles the plan if needed, uploads the batch and the run's numbers, and returns the sections to run. */
  async #prepare(
    batch: FrameBatch,
    randomness: Randomness,
    sections: readonly Section[],
  ): Promise<CompiledPlan & { readonly sections: readonly Section[] }> {
    const row = batch.batch * this.#pixels;
    const still = batch.frames.length === row;
    const { plan, program } = await this.#plans.get(batch.batch, still, sections.includes('backward'));
    const upload = (storage: Storage, values: Float32Array | Uint8Array) =>
      this.#device.queue.writeBuffer(program.buffer(storage), 0, values as GPUAllowSharedBufferSource);
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
      upload(plan.corrupted.storage, randomness.corrupted.subarray(0, this.#steps * row));
      upload(plan.gamma.storage, randomness.gamma0);
    } else {
      first.push('randomness');
    }
    const adam = sections.includes('update') ? { options: this.#spec.optimizer } : undefined;
    this.#state.writeNumbers(randomness, adam);
    return { plan, program, sections: [...first, ...sections] };
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
    return this.#watch.guard(async () => {
      const { result } = await this.#queue.run(async () => {
        const { plan, program, sections } = await this.#prepare(batch, randomness, wanted);
        const encoder = this.#device.createCommandEncoder();
        program.encode(encoder, sections);
        const losses = { storage: plan.losses.storage, start: 0, length: 3 * this.#steps };
        const regions = [losses, ...read(plan)] as const;
        // Wrapped in an object, so that the queue goes on as soon as the commands are submitted and only the caller waits for the results.
        return { result: this.#readBack.submit(encoder, regions, (storage) => program.buffer(storage)) };
      });
      const [losses, ...regions] = await result;
      return { losses: stepLosses(losses, batch.batch), regions };
    });
  }

  #readShared(storage: Storage): Promise<Float32Array> {
    return this.#watch.guard(async () => {
      const { result } = await this.#queue.run(async () => {
        const encoder = this.#device.createCommandEncoder();
        return { result: this.#readBack.submit(encoder, [whole(storage)], () => this.#state.buffer(storage)) };
      });
      const [values] = await result;
      return values;
    });
  }

  /** Writes arrays to buffers after all commands that were requested before. */
  #writeLater(writes: readonly (readonly [Storage, NamedArrays])[], done: () => void = () => {}): void {
    const copies = writes.map(([storage, arrays]) => [storage, structuredClone(arrays)] as const);
    void this.#queue.run(async () => {
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

/** Fields of {@link CompileSpec} that {@link EngineSpec} has not. */
const OWN_FIELDS: readonly Exclude<keyof CompileSpec, keyof EngineSpec>[] = [
  'key',
  'batch',
  'still',
  'subgroups',
  'products',
];

/** @throws InputError for what is no device */
function requireDevice(device: GPUDevice | undefined | null): void {
  if (typeof device?.createBuffer === 'function') return;
  throw new InputError('the device is none of WebGPU: request one with requestDevice().');
}

/**
 * An engine of @nem/core's interface on a GPU device that the caller owns. A training step is one submission: it uploads
 * the batch, replays the compiled launches and reads back only the losses; everything else stays on the device.
 * @throws NetworkError for a network that cannot be built; InputError for another part of the specification, or no device
 * @throws RangeError for an unknown distribution, noise or precision, or parameters of the mixture that are out of range
 * @throws PlanError if the parameters or, with `batch`, the plan does not fit the device's limits, or an option needs a feature that the device lacks
 * @throws OutOfMemoryError, DeviceLostError; ShaderError if `batch` is given; without it, the first step throws that
 */
export async function compile(device: Device, spec: CompileSpec): Promise<WebGpuEngine> {
  requireDevice(device);
  if (spec?.noise) requireNoise(spec.noise);
  requireEngineSpec(spec, OWN_FIELDS);
  device.pushErrorScope('out-of-memory');
  const engine = new CompiledEngine(device, spec);
  try {
    if (await device.popErrorScope()) {
      throw new OutOfMemoryError('the device has not enough memory for the parameters: make the layers smaller.');
    }
    engine.start(spec.key ?? deriveKey(0, 'parameters'));
    if (spec.batch !== undefined) await engine.plan(spec.batch, { still: spec.still });
    return guardEngine(engine, spec, { checksPixels: true });
  } catch (error) {
    engine.dispose();
    throw error;
  }
}
