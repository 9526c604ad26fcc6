import { decodeVector, VectorError, verify } from '@nem/core';
import { readVectors } from '../assets.js';
import { chooseEngine } from '../engine/engine-names.js';
import { createEngine } from '../engine/engines.js';
import { RunError } from '../errors.js';
import { readWhole } from '../trainer/files.js';

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

/** `nem verify`: runs golden vectors on an engine, a line per quantity; true where all hold. */
export async function verifyCommand(options: {
  engine: string;
  workers?: number;
  vectors?: string[];
  json?: boolean;
}): Promise<boolean> {
  const engine = await chooseEngine(options.engine);
  let all = true;
  const files = options.vectors
    ? options.vectors.map(
        (file) => [file, () => readWhole(file, LARGEST_VECTOR, 'name a file of golden vectors')] as const,
      )
    : [...readVectors()].map(([file, bytes]) => [file, () => bytes] as const);
  for (const [file, read] of files) {
    const vector = decode(file, read);
    const rows = await verify((spec) => createEngine(engine, spec, 0, { workers: options.workers }), vector);
    for (const { quantity, error, tolerance, holds } of rows) {
      all &&= holds;
      const line = { vector: vector.name, engine, quantity, error, tolerance, holds };
      const verdict = holds ? 'ok  ' : 'FAIL';
      console.log(
        options.json
          ? JSON.stringify(line)
          : `${verdict} ${vector.name} ${quantity}: ${error.toExponential(1)} (at most ${tolerance})`,
      );
    }
  }
  if (!options.json)
    console.log(all ? `the engine ${engine} computes the right thing.` : `the engine ${engine} is beyond tolerance.`);
  return all;
}
