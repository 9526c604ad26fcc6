import type { EvaluationChanges } from '../evaluation/plan.js';
import type { ScoreKey } from '../scores/table.js';

/** A kind of run: an experiment with a K. Each seed gives one run. */
export interface Training {
  /** Name of its runs' folders, without the seed. */
  readonly id: string;
  /** As it is called in tables and figures. */
  readonly title: string;
  readonly experiment: string;
  /** Default: the experiment's. */
  readonly components?: number;
  /**
   * Main memory that its training and its evaluations have room in on a CPU, with the paper's settings and up to eight worker
   * threads, in MiB.
   */
  readonly memoryMiB: number;
}

/** A published mean and deviation over five runs. */
export interface Published {
  readonly mean: number;
  readonly deviation: number;
}

/** One score of a result: what is evaluated, and what the paper has. */
export interface Score {
  readonly training: Training;
  /** E.g. `test: 3 objects, K = 5`. */
  readonly evaluatedOn: string;
  readonly changes: EvaluationChanges;
  /** Default: the score that the paper reports. */
  readonly quantity?: ScoreKey;
  readonly published?: Published;
}

/** One or several evaluations of which AMI by frame is drawn. */
export interface FrameFigure {
  readonly title: string;
  readonly lines: readonly {
    readonly name: string;
    readonly training: Training;
    readonly changes: EvaluationChanges;
  }[];
}

/** A table of the paper with its figures. */
export interface Result {
  readonly id: 'table-1' | 'static' | 'next-step' | 'flying-mnist';
  readonly title: string;
  readonly text: string;
  readonly scores: readonly Score[];
  readonly frames: readonly FrameFigure[];
  /** Figures that others published, to compare with: not trained here. */
  readonly others?: readonly { readonly name: string; readonly published: Published }[];
  /** Draws the next-step loss by the number of objects, a line for each name. */
  readonly byObjects?: readonly {
    readonly name: string;
    readonly points: readonly { objects: number; training: Training }[];
  }[];
}

const published = (mean: number, deviation: number): Published => ({ mean, deviation });

function flyingShapes(objects: number, components: number): Training {
  return {
    id: `flying-shapes-${objects}-k${components}`,
    title: `RNN-EM, ${objects} shapes, K = ${components}`,
    experiment: `flying-shapes-${objects}`,
    components,
    memoryMiB: components > 3 ? 3072 : 2048,
  };
}

const autoencoder = (objects: number): Training => ({
  id: `flying-shapes-${objects}-autoencoder`,
  title: `autoencoder, ${objects} shapes`,
  experiment: `flying-shapes-${objects}-autoencoder`,
  memoryMiB: 1536,
});

/** The three scores of a row of table 1: training set, test set, and another number of objects or K. */
function tableRow(
  objects: number,
  components: number,
  other: { readonly objects: number; readonly components: number },
  [training, test, general]: readonly [Published, Published, Published],
): Score[] {
  const run = flyingShapes(objects, components);
  const changes = {
    ...(other.objects === objects ? {} : { objects: other.objects }),
    ...(other.components === components ? {} : { components: other.components }),
  };
  return [
    { training: run, evaluatedOn: 'training set', changes: { split: 'training' }, published: training },
    { training: run, evaluatedOn: 'test set', changes: {}, published: test },
    {
      training: run,
      evaluatedOn: `test set: ${other.objects} shapes, K = ${other.components}`,
      changes,
      published: general,
    },
  ];
}

const table1: Result = {
  id: 'table-1',
  title: 'Flying shapes (table 1)',
  text: 'AMI of networks trained on 3 or 5 flying shapes with K = 3 or 5, on their training and test sets, and on another number of shapes or with another K: the weights are shared by all components and fit any K.',
  scores: [
    ...tableRow(3, 3, { objects: 3, components: 5 }, [
      published(0.969, 0.006),
      published(0.97, 0.005),
      published(0.972, 0.007),
    ]),
    ...tableRow(3, 5, { objects: 3, components: 3 }, [
      published(0.997, 0.001),
      published(0.997, 0.002),
      published(0.914, 0.015),
    ]),
    ...tableRow(5, 3, { objects: 3, components: 3 }, [
      published(0.614, 0.003),
      published(0.614, 0.003),
      published(0.886, 0.01),
    ]),
    ...tableRow(5, 5, { objects: 3, components: 5 }, [
      published(0.878, 0.003),
      published(0.878, 0.003),
      published(0.981, 0.003),
    ]),
  ],
  frames: [
    {
      title: 'Flying shapes: AMI by frame of the test set',
      lines: [
        [3, 3],
        [3, 5],
        [5, 3],
        [5, 5],
      ].map(([objects, components]) => {
        const training = flyingShapes(objects!, components!);
        return { name: training.title, training, changes: {} };
      }),
    },
  ],
};

const staticShapes: Training = { id: 'static-shapes', title: 'RNN-EM', experiment: 'static-shapes', memoryMiB: 1024 };
const staticShapesNem: Training = {
  ...{ id: 'static-shapes-nem', title: 'N-EM', experiment: 'static-shapes-nem' },
  memoryMiB: 1024,
};

const staticResult: Result = {
  id: 'static',
  title: 'Static shapes',
  text: 'AMI on still images of three shapes, K = 4, after the last of 15 steps.',
  scores: [
    { training: staticShapes, evaluatedOn: 'test set', changes: {}, published: published(0.826, 0.005) },
    { training: staticShapesNem, evaluatedOn: 'test set', changes: {}, published: published(0.475, 0.043) },
  ],
  others: [
    { name: 'Tagger (twenty times the parameters), without layer norm', published: published(0.79, 0.034) },
    { name: 'Tagger (twenty times the parameters), with layer norm', published: published(0.97, 0.009) },
  ],
  frames: [
    {
      title: 'Static shapes: AMI by EM step',
      lines: [staticShapes, staticShapesNem].map((training) => ({ name: training.title, training, changes: {} })),
    },
  ],
};

const OBJECTS = [3, 4, 5] as const;

const nextStep: Result = {
  id: 'next-step',
  title: 'Next-step prediction',
  text: 'The cross entropy of the next frame under max_k ψ, summed over its pixels, of RNN-EM with as many components as shapes and of the recurrent autoencoder (K = 1). The paper gives no numbers but a figure: RNN-EM is lower, and the more so the more shapes there are.',
  scores: OBJECTS.flatMap((objects) =>
    [flyingShapes(objects, objects), autoencoder(objects)].map(
      (training): Score => ({ training, evaluatedOn: 'test set', changes: {}, quantity: 'predictionLoss' }),
    ),
  ),
  frames: [],
  byObjects: [
    { name: 'RNN-EM', points: OBJECTS.map((objects) => ({ objects, training: flyingShapes(objects, objects) })) },
    { name: 'recurrent autoencoder', points: OBJECTS.map((objects) => ({ objects, training: autoencoder(objects) })) },
  ],
};

const direct: Training = { id: 'flying-mnist', title: 'direct', experiment: 'flying-mnist', memoryMiB: 2048 };
const staged: Training = {
  ...{ id: 'flying-mnist-stages', title: 'in stages', experiment: 'flying-mnist-stages' },
  memoryMiB: 2048,
};
const still: EvaluationChanges = { experiment: 'static-mnist' };

function mnistScores(training: Training, scores: readonly [Published, Published, Published]): Score[] {
  return [
    { training, evaluatedOn: 'test set: 2 digits, K = 2', changes: {}, published: scores[0] },
    {
      training,
      evaluatedOn: 'test set: 3 digits, K = 3',
      changes: { objects: 3, components: 3 },
      published: scores[1],
    },
    { training, evaluatedOn: '2 still digits, 50 steps', changes: still, published: scores[2] },
  ];
}

const LONGER: EvaluationChanges = { frames: 51 };

const flyingMnist: Result = {
  id: 'flying-mnist',
  title: 'Flying MNIST',
  text: 'AMI of networks trained on 2 flying digits, directly and in three stages (20 variations, 500, then all), on 2 and on 3 digits and on still digits; and on sequences of 51 frames, where the paper finds that AMI rises with the number of frames. A pixel counts as a digit’s where it has more than half of the full brightness.',
  scores: [
    ...mnistScores(direct, [published(0.819, 0.022), published(0.729, 0.019), published(0.757, 0.012)]),
    ...mnistScores(staged, [published(0.917, 0.005), published(0.838, 0.008), published(0.835, 0.003)]),
    { training: direct, evaluatedOn: 'test set: 51 frames', changes: LONGER },
  ],
  frames: [
    {
      title: 'Flying MNIST: AMI by frame',
      lines: [
        { name: 'direct, 21 frames', training: direct, changes: {} },
        { name: 'in stages, 21 frames', training: staged, changes: {} },
        { name: 'direct, 51 frames', training: direct, changes: LONGER },
      ],
    },
  ],
};

/** What can be reproduced, in the order of the report. */
export const RESULTS: readonly Result[] = [staticResult, table1, nextStep, flyingMnist];

/** The trainings that results need, each once. */
export function trainingsOf(results: readonly Result[]): Training[] {
  const all = results.flatMap(({ scores, frames }) => [
    ...scores.map(({ training }) => training),
    ...frames.flatMap(({ lines }) => lines.map(({ training }) => training)),
  ]);
  return [...new Map(all.map((training) => [training.id, training])).values()];
}

/** The evaluations that results need of a training, each once. */
export function evaluationsOf(results: readonly Result[], { id }: Training): EvaluationChanges[] {
  const all = results.flatMap(({ scores, frames }) => [...scores, ...frames.flatMap(({ lines }) => lines)]);
  const changes = all.filter(({ training }) => training.id === id).map((needed) => needed.changes);
  return [...new Map(changes.map((one) => [JSON.stringify(one), one])).values()];
}
