import { LaunchError } from '../errors.js';
import {
  type Access,
  type AnyKernel,
  ARGUMENTS_AT,
  isVectors,
  type Kernel,
  MAX_ARGUMENTS,
  MAX_BINDINGS,
  VECTOR,
} from './kernel.js';

/** A buffer of the plan: 32-bit elements on the device. */
export interface Storage {
  readonly label: string;
  /** Number of elements; a shared buffer grows while the plan is built. */
  elements: number;
}

/** Part of a buffer: `at(t)` is the first element of its slot for step t. */
export interface Slots {
  readonly storage: Storage;
  at(step: number): number;
}

/** What a dispatch binds: a buffer from an element on. */
export interface View {
  readonly storage: Storage;
  readonly offset: number;
  /** Number of arrays, one after the other, whose sum is the value: the parts of a product. Default 1. */
  readonly parts?: number;
}

/** Workgroups along x, y and z. */
export type Groups = readonly [number, number, number];

/** What a launch binds to each of a kernel's bindings. */
export type Views<Binding extends string> = { readonly [name in Binding]: View };

/** What a launch needs beside its bindings: its workgroups and, if the kernel has arguments, their values. */
export type Launching<Argument extends string> = { readonly groups: Groups } & ([Argument] extends [never]
  ? { readonly arguments?: undefined }
  : { readonly arguments: { readonly [name in Argument]: number } });

/** One kernel launch. */
export interface Dispatch {
  readonly kernel: AnyKernel;
  /** In the order of the kernel's bindings, as `access`. */
  readonly buffers: readonly Storage[];
  readonly access: readonly Access[];
  /** Offsets in elements and the kernel's arguments. */
  readonly numbers: Uint32Array;
  readonly groups: Groups;
}

/** Phases of a step that can be left out. */
export type Section = 'frames' | 'randomness' | 'forward' | 'backward' | 'update';

/** Step t's slot of `slots`. */
export function slot(slots: Slots, step: number): View {
  return { storage: slots.storage, offset: slots.at(step) };
}

/** Names in quotes, e.g. `'x' and 'out'`. */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter((part) => part !== '').join(' and ');
}

/** Checks that a launch names everything that its kernel declares and nothing else. */
function requireNames(kernel: string, what: string, declared: readonly string[], given: object): void {
  const names = Object.keys(given);
  const missing = declared.filter((name) => !Object.hasOwn(given, name));
  const surplus = names.filter((name) => !declared.includes(name));
  if (missing.length === 0 && surplus.length === 0) return;
  const wrong = [
    ...(missing.length > 0 ? [`lacks ${listed(missing)}`] : []),
    ...(surplus.length > 0 ? [`has no place for ${listed(surplus)}`] : []),
  ].join(' and ');
  const wanted = declared.length > 0 ? `give it ${listed(declared)}` : 'give it none';
  throw new LaunchError(`a launch of the kernel '${kernel}' ${wrong} among its ${what}: ${wanted}.`);
}

/** Checks that a kernel declares no more than WebGPU's lowest limits allow. */
function requireFewNames(kernel: string, what: string, count: number, most: number): void {
  if (count <= most) return;
  throw new LaunchError(`the kernel '${kernel}' declares ${count} ${what}: declare ${most} at most.`);
}

/** Collects the buffers and launches of a plan, without a device. */
export class PlanBuilder {
  readonly storages: Storage[] = [];
  readonly sections: Record<Section, Dispatch[]> = {
    frames: [],
    randomness: [],
    forward: [],
    backward: [],
    update: [],
  };
  readonly #free: Storage[] = [];
  readonly #shared = new Map<string, Storage>();
  #section: Section = 'forward';

  /** A new buffer, filled with zeros at first. */
  storage(label: string, elements: number): Storage {
    const storage = { label, elements };
    this.storages.push(storage);
    return storage;
  }

  /** A buffer with `count` slots of `elements`; if `count` is 1, all steps use the same slot. */
  slots(label: string, count: number, elements: number): Slots {
    const storage = this.storage(label, count * elements);
    return { storage, at: (step) => (count === 1 ? 0 : step * elements) };
  }

  /** A slot of a buffer that several users share, one after the other; it is as long as the longest of them needs. */
  shared(label: string, elements: number): Slots {
    const storage = this.#shared.get(label) ?? this.storage(label, 0);
    this.#shared.set(label, storage);
    storage.elements = Math.max(storage.elements, elements);
    return { storage, at: () => 0 };
  }

  /** A buffer to use until {@link release}. It is a released one, if there is one. */
  scratch(elements: number): View {
    const fits = (storage: Storage) => Math.abs(storage.elements - elements);
    const storage = this.#free.sort((a, b) => fits(a) - fits(b)).shift() ?? this.storage('scratch', 0);
    storage.elements = Math.max(storage.elements, elements);
    return { storage, offset: 0 };
  }

  release(view: View): void {
    this.#free.push(view.storage);
  }

  /** Launches that are added from here on belong to `section`. */
  begin(section: Section): void {
    this.#section = section;
  }

  /**
   * Adds a launch of a kernel, its bindings and arguments by name.
   * @throws LaunchError if one is missing or unknown, or if a buffer that is read in vectors does not start at a whole vector
   */
  dispatch<Binding extends string, Argument extends string = never>(
    kernel: Kernel<Binding, Argument>,
    views: Views<NoInfer<Binding>>,
    launching: Launching<NoInfer<Argument>>,
  ): void {
    const { name, bindings, arguments: argumentNames = [] } = kernel;
    const bindingNames = Object.keys(bindings) as Binding[];
    const values = (launching.arguments ?? {}) as { readonly [name in Argument]: number };
    requireFewNames(name, 'bindings', bindingNames.length, MAX_BINDINGS);
    requireFewNames(name, 'arguments', argumentNames.length, MAX_ARGUMENTS);
    requireNames(name, 'bindings', bindingNames, views);
    requireNames(name, 'arguments', argumentNames, values);
    const numbers = new Uint32Array(ARGUMENTS_AT + MAX_ARGUMENTS);
    for (const [i, binding] of bindingNames.entries()) {
      const { storage, offset } = views[binding];
      if (isVectors(bindings[binding]) && offset % VECTOR !== 0) {
        throw new LaunchError(
          `the kernel '${name}' takes '${binding}' in vectors but was given '${storage.label}' from ${offset} on: give it a multiple of ${VECTOR}.`,
        );
      }
      numbers[i] = offset;
    }
    for (const [i, argument] of argumentNames.entries()) numbers[ARGUMENTS_AT + i] = values[argument];
    const access = bindingNames.map((binding) => bindings[binding]);
    const buffers = bindingNames.map((binding) => views[binding].storage);
    this.sections[this.#section].push({ kernel, buffers, access, numbers, groups: launching.groups });
  }
}
