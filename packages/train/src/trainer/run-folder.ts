import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from '@nem/core';
import { z } from 'zod';
import { RunError } from '../errors.js';
import { type Experiment, parseExperiment } from '../experiments/index.js';
import type { EpochRecord } from '../report/index.js';

/** `config.json`: everything needed to run it again. */
export interface RunConfig {
  readonly experiment: Experiment;
  readonly engine: string;
  readonly seed: number;
}

const configSchema = z.object({ experiment: z.unknown(), engine: z.string(), seed: z.int().min(0) });

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The files of a run; every failure names the file and the remedy. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Starts a run: writes its configuration and empties its metrics. */
  create(config: RunConfig): void {
    this.write('config.json', `${JSON.stringify(config, null, 2)}\n`);
    this.write('metrics.jsonl', '');
  }

  /** Writes a file whole or not at all: into a temporary file that then takes the name. */
  write(name: string, content: string | Uint8Array): void {
    const file = join(this.path, name);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.part`, content);
      renameSync(`${file}.part`, file);
    } catch (error) {
      throw new RunError(
        `cannot write ${file} (${reason(error)}): give --out a folder that can be written to, with free space.`,
      );
    }
  }

  appendEpoch(record: EpochRecord): void {
    const file = join(this.path, 'metrics.jsonl');
    try {
      appendFileSync(file, `${JSON.stringify(record)}\n`);
    } catch (error) {
      throw new RunError(`cannot write ${file} (${reason(error)}): free some space and train again.`);
    }
  }

  writeWeights(name: 'best' | 'last', parameters: NamedArrays): void {
    this.write(`checkpoints/${name}.safetensors`, encodeSafetensors(parameters));
  }

  readConfig(): RunConfig {
    const file = join(this.path, 'config.json');
    try {
      const config = configSchema.parse(JSON.parse(this.#read(file).toString('utf8')));
      return { ...config, experiment: parseExperiment(config.experiment) };
    } catch (error) {
      if (error instanceof RunError) throw error;
      throw new RunError(
        `${file} is not a run's configuration (${reason(error).split('\n')[0]}): train the run again.`,
      );
    }
  }

  readEpochs(): EpochRecord[] {
    const file = join(this.path, 'metrics.jsonl');
    const lines = this.#read(file).toString('utf8').split('\n').filter(Boolean);
    try {
      return lines.map((line) => JSON.parse(line) as EpochRecord);
    } catch (error) {
      throw new RunError(`${file} has a damaged line (${reason(error)}): remove that line.`);
    }
  }

  readWeights(name: 'best' | 'last'): NamedArrays {
    const file = join(this.path, `checkpoints/${name}.safetensors`);
    try {
      return decodeSafetensors(this.#read(file)).arrays;
    } catch (error) {
      if (error instanceof RunError) throw error;
      throw new RunError(`${file} cannot be read: ${reason(error)}`);
    }
  }

  #read(file: string): Buffer {
    try {
      return readFileSync(file);
    } catch (error) {
      throw new RunError(`cannot read ${file} (${reason(error)}): name the folder of a run, e.g. runs/static-shapes.`);
    }
  }
}
