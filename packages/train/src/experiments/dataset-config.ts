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

const imageFields = { height: count, width: count };
const sampleFields = { ...imageFields, training: size, validation: size, test: size };
const digitFields = { variations, digits };
const sequenceFields = { frames: z.int().min(2), motion };
const fileFields = { file: z.string().min(1), ...imageFields };

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

export type DatasetConfig = DrawnConfig | FileConfig;

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

/** Datasets by `type`; see method, section 5. Made from the table, so that its type is told from {@link DatasetConfig}. */
export const datasetSchema = z.discriminatedUnion('type', [
  ...(drawnSchemas as [(typeof drawnSchemas)[number]]),
  fileSchema,
]) as unknown as z.ZodType<DatasetConfig>;

/** What the table has for a dataset that is drawn. */
export const kindOf = ({ type }: DrawnConfig): DatasetKind => DATASETS[type];

export type SequenceConfig = Extract<DrawnConfig, Fields<typeof sequenceFields>>;
export type DigitsConfig = Extract<DrawnConfig, Fields<typeof digitFields>>;

/** Whether the data are sequences by their configuration; of a file only the file itself says it. */
export const isSequence = (dataset: DatasetConfig): dataset is SequenceConfig =>
  dataset.type !== 'hdf5' && !kindOf(dataset).isStill;

/** Whether the objects of the data are digits, of which there may be fewer than all. */
export const drawsDigits = (dataset: DatasetConfig): dataset is DigitsConfig =>
  dataset.type !== 'hdf5' && kindOf(dataset).draws === 'digits';
