import type { EngineSpec, NamedArrays, NetworkShape } from '@nem/core';
import type { View } from '../instructions/instruction.js';
import type { Arena, Kernels, Precision } from '../kernels.js';
import { KernelsError } from '../kernels-error.js';
import { type InferenceProgram, lowerInference } from './lower/inference.js';
import type { ParameterViews } from './lower/program.js';
import { lowerTraining, type TrainingProgram } from './lower/training.js';

/** A program with the arena on which it runs. */
export interface Plan<P> {
  readonly program: P;
  readonly arena: Arena;
  /** Version of the parameters that stand in the arena. */
  version: number;
}

export type TrainingPlan = Plan<TrainingProgram>;
export type InferencePlan = Plan<InferenceProgram>;

/** What is lowered. */
interface PlansSpec {
  readonly kernels: Kernels;
  readonly precision: Precision;
  readonly spec: EngineSpec;
  readonly shape: NetworkShape;
}

/** Arenas kept: a training set's last batch may be a smaller one. */
const MOST_TRAINING = 2;
const MOST_INFERENCE = 4;

/** An array in an arena. */
export const arrayAt = ({ floats }: Arena, { at, length }: View): Float32Array => floats.subarray(at, at + length);

/** Copies arrays into their places in an arena. */
export function writeNamed(arena: Arena, { of }: ParameterViews, arrays: NamedArrays): void {
  for (const [name, view] of of) arrayAt(arena, view).set(arrays[name]!.values);
}

/** The instructions as one program. */
const joined = (instructions: readonly (readonly number[])[]): Int32Array => Int32Array.from(instructions.flat());

/** Addresses are whole numbers of 32 bits with a sign. */
const MOST_FLOATS = 2 ** 31 - 1;

/** @throws KernelsError for an arena in which a float has no address */
function requireAddresses(floats: number): void {
  if (floats <= MOST_FLOATS) return;
  const gigabytes = (floats * Float32Array.BYTES_PER_ELEMENT) / 1e9;
  throw new KernelsError(
    `The step needs ${gigabytes.toFixed(1)} GB, but an arena holds at most 8.6 GB: make the batch smaller.`,
  );
}

/** An engine's plans by batch. Each is made when it is first used; the one used longest ago makes room. */
export class Plans {
  readonly #wanted: PlansSpec;
  readonly #training = new Map<string, TrainingPlan>();
  readonly #inference = new Map<string, InferencePlan>();

  constructor(wanted: PlansSpec) {
    this.#wanted = wanted;
  }

  training(batch: number, still: boolean, batchSize: number): TrainingPlan {
    const lower = () => lowerTraining({ ...this.#wanted, batch, still, batchSize });
    return this.#get(this.#training, MOST_TRAINING, [batch, still, batchSize].join(), lower);
  }

  inference(batch: number): InferencePlan {
    return this.#get(this.#inference, MOST_INFERENCE, `${batch}`, () => lowerInference({ ...this.#wanted, batch }));
  }

  clear(): void {
    this.#training.clear();
    this.#inference.clear();
  }

  #get<P extends TrainingProgram | InferenceProgram>(
    plans: Map<string, Plan<P>>,
    most: number,
    key: string,
    lower: () => P,
  ): Plan<P> {
    const known = plans.get(key);
    plans.delete(key);
    const oldest = plans.keys().next().value;
    if (!known && oldest !== undefined && plans.size >= most) plans.delete(oldest);
    const plan = known ?? this.#make(lower());
    plans.set(key, plan);
    return plan;
  }

  #make<P extends TrainingProgram | InferenceProgram>(program: P): Plan<P> {
    requireAddresses(program.floats);
    const arena = this.#wanted.kernels.createArena(program.floats, [joined(program.instructions)]);
    return { program, arena, version: -1 };
  }
}
