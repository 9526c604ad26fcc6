import { closeSync, constants, openSync, readSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type EngineChoice, loadModel, type Model } from '@nem/models';
import { UsageError } from '../errors.js';
import { identity } from '../experiments/sources.js';
import {
  componentPixels,
  type FileGrouping,
  type FittedImages,
  fitImages,
  groupImages,
  oneSequence,
} from '../grouping/group-file.js';
import { groupingFiles, parseFormats } from '../grouping/grouping-files.js';
import { FORMAT_BYTES, isReadByPath, readImages } from '../grouping/image-files.js';
import { inputFiles } from '../grouping/input-files.js';
import { makeFolder, partOf, readWhole, writeError, writeWhole } from '../system/files.js';
import { counted } from '../words.js';

export interface GroupArguments {
  readonly components?: number;
  readonly steps?: number;
  readonly seed?: number;
  readonly engine: string;
  readonly count: number;
  readonly fit: 'crop' | 'pad';
  readonly invert?: boolean;
  readonly threshold?: number | false;
  readonly evenLight?: boolean;
  /** The files are the frames of one sequence. */
  readonly sequence?: boolean;
  readonly format?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** Standard input and standard output. */
const STANDARD = '-';
/** Larger files are not images. */
const MOST_BYTES = 2 ** 31;

/** What is known of a file, or a sequence of files, that was grouped. */
interface GroupedFile {
  readonly input: string;
  readonly found: FileGrouping;
  readonly files: readonly string[];
}

/** The first bytes of a file; none of one that cannot be read so, of which the whole read tells why. */
function firstBytes(file: string): Uint8Array {
  const bytes = new Uint8Array(FORMAT_BYTES);
  let descriptor: number | undefined;
  try {
    // Without waiting for a writer, where it is a pipe.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } catch {
    return new Uint8Array(0);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The bytes of an input, or as many as are needed. */
async function read(input: string): Promise<Uint8Array> {
  if (input === STANDARD) return buffer(process.stdin);
  const start = firstBytes(input);
  if (isReadByPath(start)) return start;
  return readWhole(input, MOST_BYTES, 'name a file with an image, or a folder of pictures');
}

function requireOutputs(inputs: readonly string[], { out, json, format, sequence }: GroupArguments): void {
  if (inputs.filter((input) => input === STANDARD).length > 1) {
    throw new UsageError('standard input is named twice', 'name it once.');
  }
  const formats = format === undefined ? [] : parseFormats(format);
  if (out !== STANDARD) return;
  if (inputs.length > 1 && !sequence)
    throw new UsageError(
      `${inputs.length} files do not go to standard output`,
      'give one file, or a folder with --out.',
    );
  if (json) throw new UsageError('--json and a picture do not both go to standard output', 'leave one of them out.');
  if (formats.length < 2) return;
  throw new UsageError(
    `--format ${format} are several files`,
    'give one format for standard output, or a folder with --out.',
  );
}

/** The default formats: a still picture or an animation, and arrays where they go into a folder. */
function formatsOf({ format, out }: GroupArguments, { grouping }: FileGrouping) {
  const picture = grouping.shape.steps > 1 ? 'gif' : 'png';
  if (format !== undefined) return parseFormats(format);
  return out === STANDARD ? ([picture] as const) : ([picture, 'npy'] as const);
}

function writeOut(content: Uint8Array): Promise<void> {
  return new Promise((resolve) => process.stdout.write(content, () => resolve()));
}

/** Files of two inputs of one name in different folders do not take each other's place, also where a system ignores case. */
function nameOf(input: string, taken: Set<string>): string {
  const plain = input === STANDARD ? 'stdin' : basename(input, extname(input));
  let name = plain;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${plain}-${n}`;
  taken.add(name.toLowerCase());
  return name;
}

/** @throws UsageError where writing `outputs`, or the temporary files beside them, would replace one of `inputs` */
function requireNoInput(outputs: readonly string[], inputs: readonly string[]): void {
  const known = new Map(inputs.map((input) => [identity(input), input] as const));
  for (const output of outputs.flatMap((file) => [file, partOf(file)])) {
    const written = identity(output);
    const input = written && known.get(written);
    if (input) throw new UsageError(`--out would write over ${input}, which is grouped`, 'give another folder.');
  }
}

async function write(
  found: FileGrouping,
  name: string,
  inputs: readonly string[],
  options: GroupArguments,
): Promise<string[]> {
  const written = await groupingFiles(found, formatsOf(options, found));
  if (options.out === STANDARD) {
    // Of the two arrays of `npy`, the labels.
    await writeOut(written[0]!.content);
    return [];
  }
  const outputs = written.map(({ ending }) => join(options.out, `${name}${ending}`));
  requireNoInput(outputs, inputs);
  for (const [i, { content }] of written.entries()) writeWhole(outputs[i] as string, content);
  return outputs;
}

function describe({ input, found, files }: GroupedFile): string {
  const { steps, batch, components } = found.grouping.shape;
  const what = steps > 1 ? counted(batch, 'sequence') : counted(batch, 'image');
  return `${input}: ${what} in ${counted(components, 'component')}: ${files.join(', ')}`;
}

function report(model: Model, grouped: readonly GroupedFile[]): object {
  return {
    engine: model.engine,
    groupings: grouped.map(({ input, found, files }) => ({
      input,
      shape: found.grouping.shape,
      pixels: componentPixels(found),
      files,
    })),
  };
}

/** The images of a file as the network reads them. */
async function readFitted(model: Model, input: string, options: GroupArguments): Promise<FittedImages> {
  const { fit, invert, threshold, evenLight, count } = options;
  const images = await readImages(await read(input), input, { count }, input === STANDARD ? undefined : input);
  return fitImages(images, model, { fit, invert, threshold, evenLight });
}

/** What is grouped together, with the name that it goes by. */
interface Task {
  readonly input: string;
  images(): Promise<FittedImages>;
}

/** @throws UsageError for a sequence of one frame */
async function sequenceOf(model: Model, files: readonly string[], options: GroupArguments): Promise<FittedImages> {
  const parts: FittedImages[] = [];
  for (const file of files) parts.push(await readFitted(model, file, options));
  const all = oneSequence(parts, files);
  if (all.count > 1) return all;
  throw new UsageError('the sequence has one frame', 'name several files, or leave out --sequence.');
}

/** A task a file, or one of all files where they are one sequence, which goes by the name of its folder or of its first file. */
function tasksOf(model: Model, named: readonly string[], files: readonly string[], options: GroupArguments): Task[] {
  if (!options.sequence) return files.map((input) => ({ input, images: () => readFitted(model, input, options) }));
  const [first = ''] = files;
  const input = named.length === 1 && first !== named[0] ? dirname(first) : first;
  return [{ input, images: () => sequenceOf(model, files, options) }];
}

/** `nem group`: groups the pixels of images by a trained network. */
export async function groupCommand(source: string, named: readonly string[], options: GroupArguments): Promise<void> {
  const files = inputFiles(named);
  requireOutputs(files, options);
  const { components, steps, seed, out } = options;
  const model = await loadModel(source, { engine: options.engine as EngineChoice });
  try {
    const taken = new Set<string>();
    const grouped: GroupedFile[] = [];
    for (const { input, images } of tasksOf(model, named, files, options)) {
      const fitted = await images();
      // A folder that cannot be made is told of before anything is grouped.
      if (out !== STANDARD) makeOut(out);
      const found = await groupImages(model, fitted, { components, steps, seed });
      const written = await write(found, nameOf(input, taken), files, options);
      grouped.push({ input, found, files: written });
      if (!options.json && written.length > 0) console.log(describe(grouped.at(-1)!));
    }
    if (options.json) console.log(JSON.stringify(report(model, grouped)));
  } finally {
    model.dispose();
  }
}

function makeOut(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw writeError(folder, error);
  }
}
