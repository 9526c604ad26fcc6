/** What the page knows of a network before it loads the weights, which say the rest in their metadata. */
export interface LiveModel {
  readonly label: string;
  /** Shown while it loads. */
  readonly megabytes: number;
  /** A network of still images is shown with both; one of sequences comes first where things move. */
  readonly trainedOn: Kind;
  /** The settings of its training, which a visitor starts from. */
  readonly objects: number;
  readonly components: number;
  readonly noise: number;
  /** Of a still image. */
  readonly steps: number;
}

/** What is grouped. */
export type Kind = 'still' | 'moving';

const still = { trainedOn: 'still', objects: 3, components: 4, noise: 0.1, steps: 20 } as const;

const moving = { trainedOn: 'moving', objects: 3, noise: 0.2, steps: 20, megabytes: 6.8 } as const;

/** The networks of @nem/models that run in the page: one more is one entry here. */
export const MODELS = {
  'static-shapes': { ...still, label: 'RNN-EM, trained on still shapes', megabytes: 0.9 },
  'static-shapes-nem': { ...still, label: 'N-EM, trained on still shapes', megabytes: 0.4 },
  'flying-shapes-3': { ...moving, label: 'RNN-EM, trained on flying shapes', components: 3 },
  'flying-shapes-3-k5': { ...moving, label: 'RNN-EM, flying shapes with K = 5', components: 5 },
  'flying-shapes-5': { ...moving, label: 'RNN-EM, five flying shapes', objects: 5, components: 5 },
} as const satisfies Record<string, LiveModel>;

/** Names of the networks that run in the page. */
export type ModelName = keyof typeof MODELS;

export const liveModel = (name: ModelName): LiveModel => MODELS[name];

/** The networks for still images or for sequences, those that were trained on such first. */
export function modelsFor(kind: Kind): readonly ModelName[] {
  const names = Object.keys(MODELS) as ModelName[];
  const trained = names.filter((name) => liveModel(name).trainedOn === kind);
  return kind === 'still' ? trained : [...trained, ...names.filter((name) => !trained.includes(name))];
}
