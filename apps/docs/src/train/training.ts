import { type Engine, encodeSafetensors, modelMetadata, type NamedArrays } from '@nem/core';
import { drawSamples, staticShapes } from '@nem/datasets';
import { FrameScorer } from '@nem/metrics/frames';
import { deriveKey } from '@nem/random';
import { createEngine } from './engine.js';
import { type History, NO_HISTORY, type Point, type Watched } from './messages.js';
import { description, engineSpec, PIXELS, type TrainSettings } from './settings.js';
import type { SavedTraining } from './storage.js';

/** Updates whose mean loss is one point of the curve. */
const POINT_UPDATES = 10;
/** Test images that are scored, and how many of them are shown. */
const SCORED = 32;
export const SHOWN = 4;

const dataset = staticShapes();
const scored = drawSamples(
  dataset,
  'test',
  Array.from({ length: SCORED }, (_, i) => i),
);
const scorer = new FrameScorer({ frames: SCORED, pixels: PIXELS, ignoreLabel: 0, averageMethod: 'max' });

/** A training that goes on one update at a time. */
export class Training {
  readonly settings: TrainSettings;
  readonly #engine: Engine;
  #updates: number;
  #losses: Point[];
  #scores: Point[];
  /** Losses since the last point. */
  #recent: number[] = [];

  private constructor(settings: TrainSettings, engine: Engine, updates = 0, { losses, scores } = NO_HISTORY) {
    this.settings = settings;
    this.#engine = engine;
    this.#updates = updates;
    this.#losses = [...losses];
    this.#scores = [...scores];
  }

  /** @param parameters Default: the start of the seed */
  static async begin(settings: TrainSettings, parameters?: NamedArrays): Promise<Training> {
    const engine = await createEngine(engineSpec(settings), settings.seed);
    if (parameters) engine.setParameters(parameters);
    return new Training(settings, engine);
  }

  /** Goes on where a kept training was. */
  static async resume({ settings, updates, parameters, optimizer, history }: SavedTraining): Promise<Training> {
    const engine = await createEngine(engineSpec(settings), settings.seed);
    engine.setParameters(parameters);
    engine.setOptimizerState(optimizer);
    return new Training(settings, engine, updates, history);
  }

  get updates(): number {
    return this.#updates;
  }

  get history(): History {
    return { losses: this.#losses, scores: this.#scores };
  }

  /** One update, on the next images; gives its loss. */
  async update(): Promise<number> {
    const { batch, seed } = this.settings;
    // Samples are drawn independently of each other: their order need not be shuffled.
    const indices = Array.from({ length: batch }, (_, i) => (this.#updates * batch + i) % dataset.sizes.training);
    const { features: frames } = drawSamples(dataset, 'training', indices);
    const keys = { noise: deriveKey(seed, 'noise', this.#updates), gamma: deriveKey(seed, 'gamma', this.#updates) };
    const { loss } = await this.#engine.trainStep({ frames, batch }, keys);
    this.#updates++;
    this.#recent.push(loss);
    if (this.#recent.length === POINT_UPDATES) {
      this.#losses.push({ update: this.#updates, value: this.#recent.reduce((a, b) => a + b) / POINT_UPDATES });
      this.#recent = [];
    }
    return loss;
  }

  /** Scores the test images, and shows the first of them. */
  async watch(): Promise<Watched> {
    const { components } = this.settings;
    const keys = { noise: deriveKey(0, 'watched noise'), gamma: deriveKey(0, 'watched gamma') };
    const { gamma } = await this.#engine.infer({ frames: scored.features, batch: SCORED }, keys);
    const { adjustedMutualInfo } = scorer.scoreGamma(scored.groups, gamma, components);
    const score = { update: this.#updates, value: adjustedMutualInfo.reduce((a, b) => a + b) / SCORED };
    this.#scores = [...this.#scores.filter(({ update }) => update < this.#updates), score];
    return { frames: scored.features.slice(0, SHOWN * PIXELS), gamma: gamma.slice(0, SHOWN * components * PIXELS) };
  }

  async saved(): Promise<SavedTraining> {
    return {
      settings: this.settings,
      updates: this.#updates,
      parameters: await this.#engine.parameters(),
      optimizer: await this.#engine.optimizerState(),
      history: this.history,
    };
  }

  /** The weights as a file that says what they are. */
  async file(): Promise<Uint8Array<ArrayBuffer>> {
    const { seed, learningRate, batch } = this.settings;
    const how = { where: 'in a browser', updates: this.#updates, seed, learningRate, batch };
    const bytes = encodeSafetensors(await this.#engine.parameters(), modelMetadata(description(this.settings), how));
    return new Uint8Array(bytes);
  }

  dispose(): void {
    this.#engine.dispose();
  }
}
