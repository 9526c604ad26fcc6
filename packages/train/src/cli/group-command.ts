import { basename, extname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type EngineChoice, loadModel, type Model } from '@nem/models';
import { UsageError } from '../errors.js';
import { componentPixels, type FileGrouping, type GroupFileOptions, groupFile } from '../grouping/group-file.js';
import { groupingFiles, parseFormats } from '../grouping/grouping-files.js';
import { readImages } from '../grouping/image-files.js';
import { makeFolder, readWhole, writeError, writeWhole } from '../system/files.js';
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
  readonly format?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** Standard input and standard output. */
const STANDARD = '-';
/** Larger files are not images. */
const MOST_BYTES = 2 ** 31;

/** What is known of a file that was grouped. */
interface GroupedFile {
  readonly input: string;
  readonly found: FileGrouping;
  readonly files: readonly string[];
}

async function read(input: string): Promise<Uint8Array> {
  return input === STANDARD ? buffer(process.stdin) : readWhole(input, MOST_BYTES);
}

function requireOutputs(inputs: readonly string[], { out, json, format }: GroupArguments): void {
  if (inputs.filter((input) => input === STANDARD).length > 1) {
    throw new UsageError('standard input is named twice', 'name it once.');
  }
  const formats = format === undefined ? [] : parseFormats(format);
  if (out !== STANDARD) return;
  if (inputs.length > 1)
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

/** Files of two inputs of one name in different folders do not take each other's place. */
function nameOf(input: string, taken: Set<string>): string {
  const plain = input === STANDARD ? 'stdin' : basename(input, extname(input));
  let name = plain;
  for (let n = 2; taken.has(name); n++) name = `${plain}-${n}`;
  taken.add(name);
  return name;
}

async function write(found: FileGrouping, name: string, options: GroupArguments): Promise<string[]> {
  const written = await groupingFiles(found, formatsOf(options, found));
  if (options.out === STANDARD) {
    // Of the two arrays of `npy`, the labels.
    await writeOut(written[0]!.content);
    return [];
  }
  return written.map(({ ending, content }) => {
    const file = join(options.out, `${name}${ending}`);
    writeWhole(file, content);
    return file;
  });
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

/** `nem group`: groups the pixels of images by a trained network. */
export async function groupCommand(source: string, inputs: readonly string[], options: GroupArguments): Promise<void> {
  requireOutputs(inputs, options);
  const { components, steps, seed, fit, invert, threshold, count, out } = options;
  const model = await loadModel(source, { engine: options.engine as EngineChoice });
  try {
    if (out !== STANDARD) makeOut(out);
    const taken = new Set<string>();
    const grouped: GroupedFile[] = [];
    for (const input of inputs) {
      const images = await readImages(await read(input), input, { count }, input === STANDARD ? undefined : input);
      const job: GroupFileOptions = { components, steps, seed, fit, invert, threshold };
      const found = await groupFile(model, images, job);
      const files = await write(found, nameOf(input, taken), options);
      grouped.push({ input, found, files });
      if (!options.json && files.length > 0) console.log(describe(grouped.at(-1)!));
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
