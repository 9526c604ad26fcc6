import { DATASETS, type DatasetKind, type Json } from '@nem/datasets';
import * as v from 'valibot';
import { atLeast, finite, integer } from '../system/numbers.js';

const count = integer(1);
const objects = integer(1, 255);
const size = integer(1, 2 ** 32);
const speed = atLeast(0, 1000);
const name = v.pipe(v.string(), v.minLength(1));
const json: v.GenericSchema<unknown, Json> = v.lazy(() =>
  v.union([v.string(), finite, v.boolean(), v.null(), v.array(json), v.record(v.string(), json)]),
);
/** How objects fly, in pixels per frame: whole pixels as in the paper, or at any real speed from the slowest to the fastest. */
const motion = v.variant('type', [
  v.strictObject({ type: v.literal('integerPixel'), maxVelocity: integer(0, 1000) }),
  v.strictObject({ type: v.literal('subPixel'), speed: v.strictTuple([speed, speed]) }),
]);
/** How many distinct digits there are: 20 or 500 of the paper's first stages, or all of the source's. */
const variations = v.union([count, v.literal('all')]);
/** Where digits come from: a folder with IDX files, or `auto`, the first of the sources that `loadDigits` knows. */
const digits = name;

/** Brightness above which a pixel belongs to a digit: half of full brightness in the experiments. Default, as in older configurations: 0 */
const groupThreshold = v.optional(v.pipe(atLeast(0), v.ltValue(1)));

const imageFields = { height: count, width: count };
const sampleFields = { ...imageFields, training: size, validation: size, test: size };
const digitFields = { variations, digits, groupThreshold };
const sequenceFields = { frames: integer(2), motion };
const fileFields = { file: name, ...imageFields };
const customFields = {
  name,
  version: v.union([v.string(), finite]),
  options: v.record(v.string(), json),
  frames: integer(1, 65_536),
  objects,
  ...sampleFields,
  /** Of the first samples: tells data that only have the same name. */
  fingerprint: v.string(),
  /** The module that exports them; absent where a program has given them. */
  module: v.optional(name),
};

type Fields<E extends v.ObjectEntries> = v.InferOutput<v.ObjectSchema<E, undefined>>;

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
  const ofKind: v.ObjectEntries = { ...(draws === 'digits' && digitFields), ...(!isStill && sequenceFields) };
  return v.strictObject({ type: v.literal(type), objects, ...ofKind, ...sampleFields });
}

const drawnSchemas = Object.entries(DATASETS).map(([type, kind]) => drawnSchema(type, kind));
const fileSchema = v.strictObject({ type: v.literal('hdf5'), ...fileFields });
const customSchema = v.strictObject({ type: v.literal('custom'), ...customFields });

/** Datasets by `type`; see method, section 5. Made from the table, so that its type is told from {@link DatasetConfig}. */
export const datasetSchema = v.variant('type', [
  ...(drawnSchemas as [(typeof drawnSchemas)[number]]),
  fileSchema,
  customSchema,
]) as unknown as v.GenericSchema<unknown, DatasetConfig>;

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
