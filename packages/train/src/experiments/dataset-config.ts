import { DATASETS, type DatasetKind } from '@nem/datasets';
import { z } from 'zod';

const count = z.int().min(1);
const objects = count.max(255);
const size = z
  .int()
  .min(1)
  .max(2 ** 32);
const speed = z.number().min(0).max(1000);
/** How objects fly, in pixels per frame: whole pixels as in the paper, or at any real speed from the slowest to the fastest. */
const motion = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('integerPixel'), maxVelocity: z.int().min(0).max(1000) }),
  z.strictObject({ type: z.literal('subPixel'), speed: z.tuple([speed, speed]) }),
]);
/** How many distinct digits there are: 20 or 500 of the paper's first stages, or all of the source's. */
const variations = z.union([count, z.literal('all')]);
/** Where digits come from: a folder with IDX files, or `auto`, the first of the sources that `loadDigits` knows. */
const digits = z.string().min(1);

/** Brightness above which a pixel belongs to a digit: half of full brightness in the experiments. Default, as in older configurations: 0 */
const groupThreshold = z.number().min(0).lt(1).optional();

const imageFields = { height: count, width: count };
const sampleFields = { ...imageFields, training: size, validation: size, test: size };
const digitFields = { variations, digits, groupThreshold };
const sequenceFields = { frames: z.int().min(2), motion };
const fileFields = { file: z.string().min(1), ...imageFields };
const customFields = {
  name: z.string().min(1),
  version: z.union([z.string(), z.number()]),
  options: z.record(z.string(), z.json()),
  frames: count.max(65_536),
  objects,
  ...sampleFields,
  /** Of the first samples: tells data that only have the same name. */
  fingerprint: z.string(),
  /** The module that exports them; absent where a program has given them. */
  module: z.string().min(1).optional(),
};

type Fields<S extends z.ZodRawShape> = z.infer<z.ZodObject<S>>;

type Datasets = typeof DATASETS;
type DatasetName = keyof Datasets;

/** The configuration of each dataset that is drawn, by its name. */
type DrawnConfigs = {
  [T in DatasetName]: { type: T; objects: number } & Fields<typeof sampleFields> &
    (Datasets[T]['draws'] extends 'digits' ? Fields<typeof digitFields> : unknown) &
    (Datasets[T]['isStill'] extends true ? unknown : Fields<typeof sequenceFields>);
};

/** A dataset that is drawn from random numbers, with its fields as its kind has them. */
export type DrawnConfig = DrawnConfigs[DatasetName];

/** A file in the layout of the authors' files: it has sizes and groups of its own; longer sequences are cut. */
export type FileConfig = Fields<typeof fileFields> & { type: 'hdf5' };

/** Data of a user's own: what is known of them. They are given by a program, or exported by a module. */
export type CustomConfig = Fields<typeof customFields> & { type: 'custom' };

export type DatasetConfig = DrawnConfig | FileConfig | CustomConfig;

function drawnSchema(type: string, { draws, isStill }: DatasetKind) {
  return z.strictObject({
    type: z.literal(type),
    objects,
    ...(draws === 'digits' ? digitFields : {}),
    ...(isStill ? {} : sequenceFields),
    ...sampleFields,
  });
}

const drawnSchemas = Object.entries(DATASETS).map(([type, kind]) => drawnSchema(type, kind));
const fileSchema = z.strictObject({ type: z.literal('hdf5'), ...fileFields });
const customSchema = z.strictObject({ type: z.literal('custom'), ...customFields });

/** Datasets by `type`; see method, section 5. Made from the table, so that its type is told from {@link DatasetConfig}. */
export const datasetSchema = z.discriminatedUnion('type', [
  ...(drawnSchemas as [(typeof drawnSchemas)[number]]),
  fileSchema,
  customSchema,
]) as unknown as z.ZodType<DatasetConfig>;

/** What the table has for a dataset that is drawn. */
export const kindOf = ({ type }: DrawnConfig): DatasetKind => DATASETS[type];

type SequenceConfig = Extract<DrawnConfig, Fields<typeof sequenceFields>>;
export type DigitsConfig = Extract<DrawnConfig, Fields<typeof digitFields>>;

/** Whether the data are drawn here from random numbers, so that they can have any number of objects and frames. */
export const isDrawn = (dataset: DatasetConfig): dataset is DrawnConfig => Object.hasOwn(DATASETS, dataset.type);

/** Whether the data are digits, drawn here. */
export const hasDigits = (dataset: DatasetConfig): dataset is DigitsConfig =>
  isDrawn(dataset) && kindOf(dataset).draws === 'digits';

/** Whether the data are drawn here as sequences, as long as they are asked for. */
export const isSequence = (dataset: DatasetConfig): dataset is SequenceConfig =>
  isDrawn(dataset) && !kindOf(dataset).isStill;

/** Where the data are read from, a file or a module; undefined where they are drawn here or given by a program. */
export function sourceOf(dataset: DatasetConfig): string | undefined {
  if (dataset.type === 'hdf5') return dataset.file;
  return dataset.type === 'custom' ? dataset.module : undefined;
}

/** The same data in another place. */
export function movedTo<D extends FileConfig | CustomConfig>(dataset: D, source: string): D {
  return { ...dataset, [dataset.type === 'hdf5' ? 'file' : 'module']: source };
}
