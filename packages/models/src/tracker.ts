import { corrupt, type EmState, type EmStep, initialGamma, type NoiseSpec } from '@nem/core';
import { type Frame, type FrameLayout, prepareFrames, requireByteRange } from './frames.js';
import { keysOf } from './group.js';
import { type Grouping, groupingOf } from './grouping.js';

/** How frames are followed. */
interface TrackJob {
  readonly components: number;
  readonly seed: number;
  readonly noise: NoiseSpec;
  readonly layout: FrameLayout;
}

/** Follows the objects of frames that come one after the other: what each component knows is kept from frame to frame. */
export class Tracker {
  readonly #job: TrackJob;
  readonly #step: EmStep;
  #state: EmState | undefined;
  #previous: Float32Array | undefined;
  #frame = 0;

  constructor(step: EmStep, job: TrackJob) {
    this.#job = job;
    this.#step = step;
  }

  /**
   * One EM step with the next frame. A network that was trained on sequences predicts a frame from those before it: of the first
   * frame there is nothing yet. One that was trained on still images looks at each frame, which may be given more than once.
   * @returns the grouping of this frame; undefined for the first frame of a sequence
   * @throws ModelError for a frame of another size or type, and where a prediction is NaN; InputError for a pixel that is not from 0
   * to 1. What each component knows is then as before
   */
  async next(frame: Frame): Promise<Grouping | undefined> {
    const { layout, components } = this.#job;
    const { frames: clean } = prepareFrames(frame, layout, 1);
    // A later one may be dark.
    if (!this.#previous) requireByteRange(frame);
    const seen = layout.still ? clean : this.#previous;
    this.#previous = clean;
    if (!seen) return undefined;
    const state = this.#step.next(this.#state ?? this.#start(), this.#noisy(seen), clean);
    const [height, width] = layout.image;
    const shape = { steps: 1, batch: 1, components, height, width, hidden: this.#step.hiddenSize };
    // The caller may change what it gets, or transfer it to a worker.
    const found = { gamma: state.gamma.slice(), predictions: state.psi.slice(), hidden: state.hidden.slice() };
    const grouping = groupingOf(found, shape);
    // Only now, so that a frame which cannot be grouped leaves the state as it was.
    this.#state = state;
    this.#frame++;
    return grouping;
  }

  /** Forgets everything: the next frame is a first one. */
  reset(): void {
    this.#state = undefined;
    this.#previous = undefined;
    this.#frame = 0;
  }

  #start(): EmState {
    const { components, seed, layout } = this.#job;
    const [height, width] = layout.image;
    return this.#step.start(initialGamma(keysOf(seed).gamma, 1, components, height * width));
  }

  /** With the noise that {@link Model.group} gives the same frame. */
  #noisy(frame: Float32Array): Float32Array {
    const out = new Float32Array(frame.length);
    corrupt(this.#job.noise, keysOf(this.#job.seed).noise, frame, out, this.#frame * frame.length);
    return out;
  }
}
