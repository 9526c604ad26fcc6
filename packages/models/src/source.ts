import { type ModelDescription, modelMetadata, type NetworkSpec, parseBoundedJson, readModelMetadata } from '@nem/core';
import { modelNames, weightsDigest, weightsUrl } from './catalogue.js';
import { ModelError } from './model-error.js';
import { sha256 } from './sha256.js';
import type { WebUrl } from './web-url.js';
import { readWeights, type TrainedNetwork } from './weights-file.js';

/** Where a trained network is: a name of this package, a path (Node), a URL, or the bytes of a safetensors file. */
export type ModelSource = string | WebUrl | Uint8Array | ArrayBuffer;

/** The best weights of a run, in its folder. */
const BEST = 'checkpoints/best.safetensors';
/** The largest experiments have some two hundred values. */
const CONFIG_BOUNDS = { characters: 2 ** 18, values: 4096, packNumbers: false };

/** Reads a file of a folder or a site. */
interface Reader {
  /** How messages name a file. */
  name(file: string): string;
  /** Whether a place is a safetensors file; else it is a run's folder. */
  isFile(place: string): boolean;
  /** A file of a folder. */
  inFolder(folder: string, file: string): string;
  /** @throws ModelError where there is no such file */
  read(file: string): Promise<Uint8Array>;
}

/** Modules of Node without an import that a browser's bundler would look for; undefined in browsers. */
const builtin = <T>(name: string): T | undefined =>
  (globalThis as { process?: { getBuiltinModule?: (name: string) => T } }).process?.getBuiltinModule?.(name);

type FileSystem = typeof import('node:fs');

function fileReader({ promises }: FileSystem): Reader {
  return {
    name: (file) => file,
    isFile: (place) => place.endsWith('.safetensors'),
    inFolder: (folder, file) => `${folder.replace(/\/+$/, '')}/${file}`,
    async read(file) {
      try {
        return await promises.readFile(file);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const remedy = 'give a run folder or a safetensors file.';
        // What was taken for a run's folder is a file.
        if (code === 'ENOTDIR')
          throw new ModelError(`${file.replace(`/${BEST}`, '')} is a file of another kind: ${remedy}`);
        throw new ModelError(`${file} cannot be read (${code}): ${remedy}`);
      }
    },
  };
}

/** A `data:` address holds the whole file. */
const nameOnWeb = (file: string) => (file.startsWith('data:') ? `${file.slice(0, 60)}…` : file);

/** What a site answers, the connection of which may break at any time. */
async function received<T>(file: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new ModelError(
      `${nameOnWeb(file)} cannot be fetched (${(error as Error).message}): check its address, and that its site lets this page read it.`,
    );
  }
}

const webReader: Reader = {
  name: nameOnWeb,
  isFile: (place) => /^(?:blob|data):|\.safetensors(?:[?#].*)?$/.test(place),
  // Before what the address asks for, e.g. ?token=1.
  inFolder: (folder, file) =>
    folder.replace(/^([^?#]*?)\/*([?#].*)?$/, (_, path, query = '') => `${path}/${file}${query}`),
  async read(file) {
    const response = await received(file, fetch(file));
    if (response.ok) return new Uint8Array(await received(file, response.arrayBuffer()));
    throw new ModelError(
      `${nameOnWeb(file)} cannot be fetched (${response.status} ${response.statusText}): check its address.`,
    );
  },
};

/** What an older run's configuration says of its network; undefined where there is none. */
async function fromConfig(reader: Reader, file: string): Promise<ModelDescription | undefined> {
  let text: string;
  try {
    text = new TextDecoder().decode(await reader.read(file));
  } catch {
    return undefined;
  }
  try {
    const { experiment } = parseBoundedJson(text, CONFIG_BOUNDS) as unknown as {
      readonly experiment: OlderExperiment;
    };
    const { network, mixture, dataset, components, steps, noise, lossSteps } = experiment;
    const image = [dataset.height, dataset.width] as const;
    const description = { network, mixture, components, steps, noise, image, still: lossSteps === 'last' };
    return readModelMetadata(modelMetadata(description))?.model;
  } catch {
    throw new ModelError(`${reader.name(file)} is not a run's configuration: train the run again.`);
  }
}

/** What of an experiment describes its network. */
interface OlderExperiment extends Pick<ModelDescription, 'mixture' | 'components' | 'steps' | 'noise'> {
  readonly network: NetworkSpec;
  readonly dataset: { readonly height: number; readonly width: number };
  readonly lossSteps: 'last' | 'all';
}

/** A place that is a safetensors file or a run's folder with one. */
async function fromPlace(reader: Reader, place: string): Promise<TrainedNetwork> {
  if (reader.isFile(place)) return readWeights(await reader.read(place), reader.name(place), async () => undefined);
  const file = reader.inFolder(place, BEST);
  const config = reader.inFolder(place, 'config.json');
  return readWeights(await reader.read(file), reader.name(file), () => fromConfig(reader, config));
}

/**
 * What reads a URL, and its name there: Node's `fetch` reads no files.
 * @throws ModelError for the address of a file on another machine
 */
function placeOf(url: URL): { readonly reader: Reader; readonly place: string } {
  const fs = url.protocol === 'file:' ? builtin<FileSystem>('node:fs') : undefined;
  if (!fs) return { reader: webReader, place: url.href };
  const { fileURLToPath } = builtin<typeof import('node:url')>('node:url')!;
  try {
    return { reader: fileReader(fs), place: fileURLToPath(url) };
  } catch {
    throw new ModelError(`${url.href} is no address of a file on this machine: give file:/// and its whole path.`);
  }
}

async function fromUrl(url: URL): Promise<TrainedNetwork> {
  const { reader, place } = placeOf(url);
  return fromPlace(reader, place);
}

/** A network of this package: its weights are those that were published, or the copy of them is damaged. */
async function fromName(name: string, url: URL): Promise<TrainedNetwork> {
  const { reader, place } = placeOf(url);
  const bytes = await reader.read(place);
  const found = await sha256(bytes);
  if (found !== undefined && found !== weightsDigest(name)) {
    throw new ModelError(
      `the weights of ${name} in ${place} are damaged: their SHA-256 begins with ${found.slice(0, 8)} in place of ${weightsDigest(name)?.slice(0, 8)}; install @nem/models again, or load the page again.`,
    );
  }
  return readWeights(bytes, place, async () => undefined);
}

/**
 * The address of a text that is one.
 * @throws ModelError for one that is not whole
 */
function urlOf(text: string): URL | undefined {
  if (!/^(?:https?|file|blob|data):/.test(text)) return undefined;
  try {
    return new URL(text);
  } catch {
    throw new ModelError(`the address ${text.slice(0, 60)} is not whole: give one such as https://example.org/run.`);
  }
}

async function fromText(text: string): Promise<TrainedNetwork> {
  const own = weightsUrl(text);
  if (own) return fromName(text, own);
  const url = urlOf(text);
  if (url) return fromUrl(url);
  if (/^[\w-]*$/.test(text)) await requireFolder(text);
  const fs = builtin<FileSystem>('node:fs');
  return fs ? fromPlace(fileReader(fs), text) : fromPlace(webReader, text);
}

/** @throws ModelError for a word that is neither a model's name nor a folder */
async function requireFolder(word: string): Promise<void> {
  if (word !== '' && builtin<FileSystem>('node:fs')?.existsSync(word)) return;
  throw new ModelError(
    `there is no model '${word}': the names are ${modelNames.join(', ')}; a run of your own is given as its folder, e.g. runs/${word || 'mine'}.`,
  );
}

/**
 * Finds and reads a trained network.
 * @throws ModelError where there is none, or it cannot be read
 */
export async function openSource(source: ModelSource): Promise<TrainedNetwork> {
  if (source instanceof Uint8Array) return readWeights(source, 'the file', async () => undefined);
  if (source instanceof ArrayBuffer) return openSource(new Uint8Array(source));
  if (source instanceof URL) return fromUrl(source);
  if (typeof source === 'string') return fromText(source);
  throw new ModelError(
    `the model is ${source === undefined ? 'missing' : `a value of type ${typeof source}`}: give a name, a folder, a URL or the bytes of a safetensors file.`,
  );
}
