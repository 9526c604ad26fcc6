import { createHash } from 'node:crypto';
import {
  CodedError,
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
  type NamedArrays,
  parseBoundedJson,
  type SafetensorsOptions,
} from '@nem/core';
import * as v from 'valibot';
import { finite, integer } from '../system/numbers.js';
import type { TrainingState, Weights } from '../trainer/state.js';

/** Everything that a run goes on from, bit by bit as if it had never stopped. */
export interface Checkpoint extends Weights {
  readonly state: TrainingState;
  /** Weights of the best epoch; absent before the first validation. */
  readonly best?: NamedArrays;
  /** The lines of `metrics.jsonl` so far. */
  readonly metrics: string;
  /** The run's configuration as text: a checkpoint belongs to no other. */
  readonly config: string;
}

/** A file that is no checkpoint, or a damaged one; the message is a clause, e.g. `its checksum does not match`. */
export class CheckpointError extends CodedError {
  static override readonly code = 'NEM_CHECKPOINT';
  override readonly name = 'CheckpointError';
}

const FORMAT = 'nem-checkpoint-1';
const MARK = '"sha256":"';
const HEX_DIGITS = 64;

/** The counters are ten values. */
const STATE_BOUNDS = { characters: 1024, values: 32 };

const counter = integer(0);
const stateSchema = v.strictObject({
  epoch: integer(1),
  step: counter,
  update: counter,
  lossSum: finite,
  // JSON has no infinity: null is the loss before the first validation.
  best: v.strictObject({
    loss: v.pipe(
      v.nullable(finite),
      v.transform((loss) => loss ?? Number.POSITIVE_INFINITY),
    ),
    epoch: counter,
  }),
  ending: v.optional(v.picklist(['early stopping', 'last epoch'])),
});

/** SHA-256 of a file in which the digits of the checksum itself are zeros. */
function checksum(bytes: Uint8Array, at: number): string {
  const hash = createHash('sha256').update(bytes.subarray(0, at)).update('0'.repeat(HEX_DIGITS));
  return hash.update(bytes.subarray(at + HEX_DIGITS)).digest('hex');
}

/** Where the checksum's digits stand in the header. Inside a JSON string the mark's quotes would be escaped. */
function checksumPosition(bytes: Uint8Array): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(MARK);
  return at < 0 || at + MARK.length + HEX_DIGITS > bytes.length ? -1 : at + MARK.length;
}

/** A safetensors file whose metadata hold a SHA-256 of all of it, header and data. */
export function sealSafetensors(
  arrays: NamedArrays,
  metadata: Record<string, string> = {},
  { dtype, room }: SafetensorsOptions = {},
): Uint8Array {
  const bytes = encodeSafetensors(arrays, { ...metadata, sha256: '0'.repeat(HEX_DIGITS) }, { dtype, room });
  const at = checksumPosition(bytes);
  bytes.set(Buffer.from(checksum(bytes, at), 'latin1'), at);
  return bytes;
}

/**
 * Reads a sealed safetensors file.
 * @throws CheckpointError where the checksum is absent or does not match
 * @throws SafetensorsError for bytes that are no safetensors file
 */
export function openSafetensors(bytes: Uint8Array): ReturnType<typeof decodeSafetensors> {
  const at = checksumPosition(bytes);
  if (at >= 0) {
    const written = Buffer.from(bytes.buffer, bytes.byteOffset + at, HEX_DIGITS).toString('latin1');
    if (written !== checksum(bytes, at)) throw new CheckpointError('its checksum does not match its content');
  }
  const decoded = decodeSafetensors(bytes);
  if (at < 0) throw new CheckpointError('it has no checksum');
  return decoded;
}

const PREFIXES = { parameters: 'parameters/', m: 'adam.m/', v: 'adam.v/', best: 'best/' } as const;

function prefixed(prefix: string, arrays: NamedArrays): [string, NamedArray][] {
  return Object.entries(arrays).map(([name, array]) => [`${prefix}${name}`, array]);
}

function withPrefix(prefix: string, arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}

/**
 * A checkpoint as the bytes of a sealed safetensors file. Equal checkpoints give equal bytes.
 * @param room Default: new memory
 */
export function encodeCheckpoint(checkpoint: Checkpoint, room?: SafetensorsOptions['room']): Uint8Array {
  const { state, parameters, optimizer, best, metrics, config } = checkpoint;
  const arrays = Object.fromEntries([
    ...prefixed(PREFIXES.parameters, parameters),
    ...prefixed(PREFIXES.m, optimizer.m),
    ...prefixed(PREFIXES.v, optimizer.v),
    ...prefixed(PREFIXES.best, best ?? {}),
  ]);
  const metadata = {
    format: FORMAT,
    state: JSON.stringify(state),
    optimizerUpdates: String(optimizer.updates),
    metrics,
    config,
  };
  return sealSafetensors(arrays, metadata, { room });
}

/** Whether a safetensors file is a checkpoint, by its metadata. */
export const isCheckpoint = (metadata: Readonly<Record<string, string>>): boolean => metadata.format === FORMAT;

function parseState(text: string): TrainingState {
  try {
    return v.parse(stateSchema, parseBoundedJson(text, STATE_BOUNDS));
  } catch {
    throw new CheckpointError('its counters cannot be read');
  }
}

/**
 * Reads a checkpoint.
 * @throws CheckpointError for a damaged one or one of another format
 * @throws SafetensorsError for bytes that are no safetensors file
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { arrays, metadata } = openSafetensors(bytes);
  const { state, optimizerUpdates = '', metrics, config } = metadata;
  if (!isCheckpoint(metadata)) throw new CheckpointError(`its format is not ${FORMAT}`);
  if (state === undefined || metrics === undefined || config === undefined || !/^\d{1,15}$/.test(optimizerUpdates)) {
    throw new CheckpointError('a part of it is missing');
  }
  const best = withPrefix(PREFIXES.best, arrays);
  return {
    state: parseState(state),
    parameters: withPrefix(PREFIXES.parameters, arrays),
    optimizer: {
      updates: Number(optimizerUpdates),
      m: withPrefix(PREFIXES.m, arrays),
      v: withPrefix(PREFIXES.v, arrays),
    },
    best: Object.keys(best).length > 0 ? best : undefined,
    metrics,
    config,
  };
}
