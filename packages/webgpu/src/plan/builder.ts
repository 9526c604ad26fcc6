import { type Access, EXTRA_AT, isVectors, type Kernel, MAX_BUFFERS, VECTOR } from './kernel.js';

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
  /** Arrays one after the other whose sum counts: parts of a product. Default 1. */
  readonly parts?: number;
}

/** One kernel launch. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly buffers: readonly Storage[];
  readonly access: readonly Access[];
  /** Offsets in elements and the kernel's own numbers. */
  readonly numbers: Uint32Array;
  readonly groups: readonly [number, number, number];
}

/** Phases of a step that can be left out. */
export type Section = 'frames' | 'randomness' | 'forward' | 'backward' | 'update';

/** Step t's slot of `slots`. */
export function slot(slots: Slots, step: number): View {
  return { storage: slots.storage, offset: slots.at(step) };
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

  /** A buffer of its own, zeros at first. */
  storage(label: string, elements: number): Storage {
    const storage = { label, elements };
    this.storages.push(storage);
    return storage;
  }

  /** A buffer with `count` slots of `elements`, or with one for all steps where `count` is 1. */
  slots(label: string, count: number, elements: number): Slots {
    const storage = this.storage(label, count * elements);
    return { storage, at: (step) => (count === 1 ? 0 : step * elements) };
  }

  /** One slot of a buffer that its users have in turn; it is as long as the longest needs. */
  shared(label: string, elements: number): Slots {
    const storage = this.#shared.get(label) ?? this.storage(label, 0);
    this.#shared.set(label, storage);
    storage.elements = Math.max(storage.elements, elements);
    return { storage, at: () => 0 };
  }

  /** A buffer until {@link release}: one whose last user has finished, where there is one. */
  scratch(elements: number): View {
    const fits = (storage: Storage) => Math.abs(storage.elements - elements);
    const storage = this.#free.sort((a, b) => fits(a) - fits(b)).shift() ?? this.storage('scratch', 0);
    storage.elements = Math.max(storage.elements, elements);
    return { storage, offset: 0 };
  }

  release(view: View): void {
    this.#free.push(view.storage);
  }

  /** Launches from here on belong to `section`. */
  begin(section: Section): void {
    this.#section = section;
  }

  /** @param extra the kernel's own numbers, up to four */
  dispatch(
    kernel: Kernel,
    views: readonly View[],
    groups: readonly [number, number, number],
    extra: readonly number[] = [],
  ): void {
    const access = Object.values(kernel.buffers);
    if (views.length !== access.length || access.length > MAX_BUFFERS) {
      throw new Error(`the kernel ${kernel.name} has ${access.length} buffers but was given ${views.length}.`);
    }
    const numbers = new Uint32Array(EXTRA_AT + 4);
    for (const [i, { storage, offset }] of views.entries()) {
      if (isVectors(access[i]) && offset % VECTOR !== 0) {
        throw new Error(
          `the kernel ${kernel.name} takes '${storage.label}' in vectors but was given it from ${offset} on.`,
        );
      }
      numbers[i] = offset;
    }
    numbers.set(extra, EXTRA_AT);
    this.sections[this.#section].push({ kernel, buffers: views.map((view) => view.storage), access, numbers, groups });
  }
}
