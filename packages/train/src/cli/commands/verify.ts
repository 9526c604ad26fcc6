import { decodeVector, type EngineSpec, VectorError, verify as verifyEngine } from '@nem/core';
import { Command } from 'commander';
import { createEngine, engineWorkers } from '../../engines/create-engine.js';
import { chooseEngine } from '../../engines/table.js';
import { EXIT_CODES, RunError } from '../../errors.js';
import { readVectors } from '../../system/assets.js';
import { readWhole } from '../../system/files.js';
import { interruptible } from '../interruption.js';
import { engineOption, workersOption } from '../options.js';

/** Those shipped have less than 20 MB. */
const LARGEST_VECTOR = 2 ** 28;

function decode(file: string, read: () => Uint8Array) {
  try {
    return decodeVector(read());
  } catch (error) {
    if (!(error instanceof VectorError)) throw error;
    throw new RunError(`${file} is not a golden vector: ${error.message}`);
  }
}

interface VerifyArguments {
  /** Default: `auto`. */
  readonly engine?: string;
  readonly workers?: number;
  readonly vectors?: readonly string[];
  readonly json?: boolean;
}

/** The files to verify with, each read when its turn comes. */
function vectorFiles({ vectors }: VerifyArguments): (readonly [name: string, read: () => Uint8Array])[] {
  if (!vectors) return [...readVectors()].map(([file, bytes]) => [file, () => bytes]);
  return vectors.map((file) => [file, () => readWhole(file, LARGEST_VECTOR, 'name a file of golden vectors')]);
}

async function run(options: VerifyArguments): Promise<void> {
  const engine = await chooseEngine(options.engine);
  const workers = engineWorkers(engine, options.workers);
  const create = (spec: EngineSpec) => createEngine(engine, spec, 0, { workers });
  const remedy = 'not every vector has been run, give the same command again.';
  const all = await interruptible('the current vector ends', remedy, async (interruption) => {
    let holding = true;
    for (const [file, read] of vectorFiles(options)) {
      const vector = decode(file, read);
      for (const { quantity, error, tolerance, holds } of await verifyEngine(create, vector)) {
        holding &&= holds;
        const line = { vector: vector.name, engine, quantity, error, tolerance, holds };
        const verdict = holds ? 'ok  ' : 'FAIL';
        console.log(
          options.json
            ? JSON.stringify(line)
            : `${verdict} ${vector.name} ${quantity}: ${error.toExponential(1)} (at most ${tolerance})`,
        );
      }
      await interruption.check();
    }
    return holding;
  });
  if (!options.json)
    console.log(all ? `the engine ${engine} computes the right thing.` : `the engine ${engine} is beyond tolerance.`);
  if (!all) process.exitCode = EXIT_CODES.failure;
}

/** `nem verify`: runs golden vectors on an engine, a line per quantity. */
export const verify = (): Command =>
  new Command('verify')
    .description('runs golden vectors on an engine: a line per quantity with its relative error')
    .addOption(engineOption())
    .addOption(workersOption())
    .option('--vectors <file...>', 'files in the format of the golden vectors (default: those shipped)')
    .option('--json', 'prints a JSON line per quantity')
    .addHelpText('after', '\nExample:\n  nem verify --engine cpu')
    .action(run);
