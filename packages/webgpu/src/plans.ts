import type { NetworkShape } from '@nem/core';
import type { EngineState } from './engine-state.js';
import { PlanError } from './errors.js';
import type { Lifetime } from './lifetime.js';
import type { SequencePlan } from './lower/sequence.js';
import { planWithin } from './lower/within.js';
import { Pipelines } from './plan/pipelines.js';
import { Program } from './plan/program.js';
import type { CompileSpec } from './spec.js';
import { entryOf } from './table.js';

/** A plan, and that plan on the device. */
export interface CompiledPlan {
  readonly plan: SequencePlan;
  readonly program: Program;
}

/** Plans kept, with their buffers: a training set's last batch may be a smaller one. */
const MOST_TRAINING = 2;
const MOST_INFERENCE = 4;

/** What of a device's features an engine uses. */
interface UsedFeatures {
  /** Whether forward products are in half precision. */
  readonly float16: boolean;
  readonly subgroups: boolean;
}

/** @throws PlanError for an option whose feature the device lacks; RangeError for an unknown precision */
export function usedFeatures(device: GPUDevice, spec: CompileSpec): UsedFeatures {
  const subgroups = spec.subgroups ?? device.features.has('subgroups');
  return {
    float16: requireFeature(device, inHalfPrecision(spec), 'shader-f16'),
    subgroups: requireFeature(device, subgroups, 'subgroups'),
  };
}

/** What the plans of an engine have in common. */
interface PlansSpec {
  readonly spec: CompileSpec;
  readonly shape: NetworkShape;
  readonly state: EngineState;
  readonly features: UsedFeatures;
  readonly lifetime: Lifetime;
}

/**
 * An engine's plans by batch. Each is compiled when it is first used; the one used longest ago makes room. One call at a time: a call's
 * plan may be destroyed by the next call. Commands that were submitted before are not affected.
 */
export class Plans {
  readonly #device: GPUDevice;
  readonly #common: PlansSpec;
  readonly #pipelines: Pipelines;
  /** Those used last come last. */
  readonly #training = new Map<string, CompiledPlan>();
  readonly #inference = new Map<string, CompiledPlan>();

  constructor(device: GPUDevice, common: PlansSpec) {
    this.#device = device;
    this.#common = common;
    this.#pipelines = Pipelines.of(device, common.features.subgroups);
  }

  /**
   * The plan of a batch. Inference uses the training plan's forward half, if there is one.
   * @throws DisposedError if the engine is disposed of meanwhile
   */
  async get(batch: number, still: boolean, training: boolean): Promise<CompiledPlan> {
    const key = [batch, still].join();
    const plans = training || this.#training.has(key) ? this.#training : this.#inference;
    const known = plans.get(key);
    if (known) {
      plans.delete(key);
      plans.set(key, known);
      return known;
    }
    const { spec, shape, state, features } = this.#common;
    const { float16 } = features;
    const wanted = { spec, shape, storages: state.storages, batch, still, training, float16 };
    // Before others make room: a plan that is refused costs nothing.
    const plan = planWithin(wanted, this.#device.limits);
    // The training plan takes the place of the inference plan.
    if (training) drop(this.#inference, key);
    const [oldest] = plans.keys();
    if (oldest !== undefined && plans.size >= (training ? MOST_TRAINING : MOST_INFERENCE)) drop(plans, oldest);
    const made = await this.#compile(plan);
    plans.set(key, made);
    return made;
  }

  destroy(): void {
    for (const plans of [this.#training, this.#inference]) {
      for (const key of [...plans.keys()]) drop(plans, key);
    }
  }

  async #compile(plan: SequencePlan): Promise<CompiledPlan> {
    const { state, lifetime } = this.#common;
    try {
      const program = await Program.create(this.#device, plan.builder, state.buffers, this.#pipelines);
      if (lifetime.isOver) program.destroy();
      return { plan, program };
    } finally {
      // What fails because the engine is disposed of meanwhile is reported as that.
      lifetime.check();
    }
  }
}

function drop(plans: Map<string, CompiledPlan>, key: string): void {
  plans.get(key)?.program.destroy();
  plans.delete(key);
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
