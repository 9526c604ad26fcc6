import type { NetworkShape } from '@nem/core';
import type { EngineState } from './engine-state.js';
import { PlanError } from './errors.js';
import { buildPlan, estimateLaunches, type SequencePlan } from './lower/sequence.js';
import { requireLaunches, requireLimits } from './plan/limits.js';
import { Pipelines } from './plan/pipelines.js';
import { Program } from './plan/program.js';
import type { CompileSpec } from './spec.js';
import { entryOf } from './table.js';

/** A plan, and that plan on the device. */
export interface CompiledPlan {
  readonly plan: SequencePlan;
  readonly program: Program;
}

/** A plan of at most this many steps is built without estimating its launches first. */
const MANY_STEPS = 1000;

/** An engine's plans by batch. Each is compiled when it is first used. */
export class Plans {
  readonly #device: GPUDevice;
  readonly #spec: CompileSpec;
  readonly #shape: NetworkShape;
  readonly #state: EngineState;
  readonly #float16: boolean;
  readonly #pipelines: Pipelines;
  readonly #plans = new Map<string, Promise<CompiledPlan>>();

  constructor(device: GPUDevice, spec: CompileSpec, shape: NetworkShape, state: EngineState) {
    this.#device = device;
    this.#spec = spec;
    this.#shape = shape;
    this.#state = state;
    this.#float16 = requireFeature(device, inHalfPrecision(spec), 'shader-f16');
    const subgroups = spec.subgroups ?? device.features.has('subgroups');
    this.#pipelines = Pipelines.of(device, requireFeature(device, subgroups, 'subgroups'));
  }

  /** The plan of a batch. Inference uses the training plan's forward half, if there is one. */
  get(batch: number, still: boolean, training: boolean): Promise<CompiledPlan> {
    const key = (full: boolean) => [batch, still, full].join();
    const known = this.#plans.get(key(true)) ?? this.#plans.get(key(training));
    if (known) return known;
    const made = this.#compile(batch, still, training);
    this.#plans.set(key(training), made);
    made.catch(() => this.#plans.delete(key(training)));
    return made;
  }

  destroy(): void {
    for (const made of this.#plans.values()) {
      made.then(({ program }) => program.destroy()).catch(() => undefined);
    }
    this.#plans.clear();
  }

  async #compile(batch: number, still: boolean, training: boolean): Promise<CompiledPlan> {
    const { storages, buffers } = this.#state;
    const [spec, shape, float16] = [this.#spec, this.#shape, this.#float16];
    const wanted = { spec, shape, storages, batch, still, training, float16 };
    const size = { batch, components: spec.components, steps: spec.objective.stepWeights.length };
    if (size.steps > MANY_STEPS) requireLaunches(estimateLaunches(wanted), size.steps);
    const plan = buildPlan(wanted);
    requireLimits(plan.builder, this.#device.limits, size);
    return { plan, program: await Program.create(this.#device, plan.builder, buffers, this.#pipelines) };
  }
}

const IN_HALF_PRECISION = { float32: false, float16: true } as const;

/** @throws RangeError for an unknown precision */
const inHalfPrecision = ({ products = 'float32' }: CompileSpec): boolean =>
  entryOf(IN_HALF_PRECISION, products, (known) => new RangeError(`unknown products '${products}': use ${known}.`));

/** @throws PlanError if the feature is wanted but the device was requested without it */
function requireFeature(device: GPUDevice, wanted: boolean, feature: GPUFeatureName): boolean {
  if (wanted && !device.features.has(feature)) {
    throw new PlanError(
      `the device has no '${feature}': leave the option out, or request the device with that feature.`,
    );
  }
  return wanted;
}
