import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CodedError } from '@nem/core';
import { type Dataset, DatasetError } from '@nem/datasets';
import { UsageError } from '../errors.js';
import { isObject } from '../system/json.js';
import { isDataset } from './custom-dataset.js';

/** Whether a name is that of a module that Node can import. */
export const isModule = (name: string): boolean => /\.[cm]?[jt]s$/i.test(name);

const noTypeScript = (path: string) =>
  new UsageError(
    `${path} is TypeScript, which Node ${process.versions.node} does not load`,
    'compile it to .mjs, or use Node 22.18 or newer.',
  );

/** What a module exports. */
async function exportsOf(path: string): Promise<Record<string, unknown>> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no file ${path}`, 'name a module that is there.');
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof CodedError || error instanceof DatasetError) throw error;
    const { code, name, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION') throw noTypeScript(path);
    throw new UsageError(`${path} cannot be loaded (${name}: ${message})`, 'mend it.');
  }
}

/** What may be meant, the likeliest first. CommonJS has as its default export all that it exports. */
function candidates(exported: Record<string, unknown>, names: readonly string[]): unknown[] {
  const { default: byDefault } = exported;
  const ofDefault = isObject(byDefault) ? names.map((name) => byDefault[name]) : [];
  return [...names.map((name) => exported[name]), byDefault, ...ofDefault];
}

/**
 * What a module exports as `experiment`, or by default.
 * @throws UsageError where it cannot be loaded or exports none
 */
export async function moduleExperiment(path: string): Promise<object> {
  for (const value of candidates(await exportsOf(path), ['experiment'])) {
    if (isObject(value) && 'dataset' in value) return value;
  }
  throw new UsageError(`${path} exports no experiment`, 'write export const experiment = defineExperiment({ … }).');
}

/**
 * The data that a module exports: as `dataset`, by default, or with its experiment.
 * @throws UsageError where it cannot be loaded or exports none
 */
export async function moduleDataset(path: string): Promise<Dataset> {
  for (const value of candidates(await exportsOf(path), ['dataset', 'experiment'])) {
    if (isDataset(value)) return value;
    if (isObject(value) && isDataset(value.dataset)) return value.dataset;
  }
  throw new UsageError(`${path} exports no data`, 'write export const dataset = defineDataset({ … }).');
}
