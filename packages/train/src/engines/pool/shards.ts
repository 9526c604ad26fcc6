import type { FrameBatch, Inference, Randomness, StepLossValues } from '@nem/core';
import { partOf } from './shared-state.js';

/** One worker's rows of a batch. */
export interface Shard {
  readonly batch: FrameBatch;
  readonly randomness: Randomness;
}

/** Columns `from` to `to` − 1 of [rows, columns, width], in `out` where given. */
function columnsOf(
  values: Float32Array,
  [rows, columns]: [number, number],
  from: number,
  to: number,
  out: Float32Array = new Float32Array((values.length / columns) * (to - from)),
): Float32Array {
  const width = values.length / (rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns * width;
    out.set(values.subarray(start + from * width, start + to * width), row * (to - from) * width);
  }
  return out;
}

/**
 * Splits a batch into one part a worker, fewer where it has fewer rows.
 * @param pixels of an image
 * @param room where the parts' frames are laid, of the batch's length
 */
export function shardBatch(
  { frames, batch }: FrameBatch,
  randomness: Randomness,
  pixels: number,
  workers: number,
  room: Float32Array,
): Shard[] {
  const parts = Math.min(workers, batch);
  const rows = (values: Float32Array) => values.length / (batch * pixels);
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = partOf(batch, part, parts);
    const cut = (values: Float32Array, out?: Float32Array) => columnsOf(values, [rows(values), batch], from, to, out);
    const row = frames.length / batch;
    return {
      batch: {
        frames: cut(frames, room.subarray(from * row, to * row)),
        batch: to - from,
        shard: { first: from, of: batch },
      },
      randomness:
        'noise' in randomness
          ? randomness
          : { corrupted: cut(randomness.corrupted), gamma0: columnsOf(randomness.gamma0, [1, batch], from, to) },
    };
  });
}

/** [steps, rows, width] of all shards, side by side. */
function join(parts: readonly Float32Array[], steps: number): Float32Array {
  const [first, ...others] = parts;
  if (first && others.length === 0) return first;
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (let step = 0; step < steps; step++) {
    for (const part of parts) {
      const length = part.length / steps;
      out.set(part.subarray(step * length, (step + 1) * length), at);
      at += length;
    }
  }
  return out;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The whole batch's results from its shards', whose losses are parts of the whole's. */
export function joinInferences(parts: readonly Inference[], kept: number): Inference {
  const steps = parts[0]?.losses.length ?? 0;
  const losses = Array.from({ length: steps }, (_, step): StepLossValues => {
    const ofStep = parts.flatMap((part) => part.losses.slice(step, step + 1));
    const total = (name: keyof StepLossValues) => sum(ofStep.map((loss) => loss[name]));
    return { intra: total('intra'), inter: total('inter'), upper: total('upper') };
  });
  const joined = (name: 'gamma' | 'predictions' | 'hidden' | 'corrupted') =>
    join(
      parts.map((part) => part[name]),
      kept,
    );
  return {
    losses,
    loss: sum(parts.map((part) => part.loss)),
    gamma: joined('gamma'),
    predictions: joined('predictions'),
    hidden: joined('hidden'),
    corrupted: joined('corrupted'),
  };
}
