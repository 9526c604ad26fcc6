import type { NamedArrays } from '@nem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
  openSafetensors,
  sealSafetensors,
} from './checkpoint.js';

const seeded = { seed: 20170803 };
const arrays = (value: number): NamedArrays => ({
  'a/b': { shape: [2], values: Float32Array.of(value, -value) },
  c: { shape: [], values: Float32Array.of(value / 3) },
});
const checkpoint: Checkpoint = {
  state: { epoch: 2, step: 3, update: 11, lossSum: 0.1 + 0.2, best: { loss: 1 / 3, epoch: 1 } },
  parameters: arrays(1),
  optimizer: { updates: 11, m: arrays(2), v: arrays(3) },
  best: arrays(4),
  metrics: '{"epoch":1,"sha256":"not this one"}\n',
  config: '{}',
};
const sound = encodeCheckpoint(checkpoint);

function outcome(bytes: Uint8Array): 'read' | 'refused' {
  try {
    decodeCheckpoint(bytes);
    return 'read';
  } catch (error) {
    const { name } = error as Error;
    expect(['CheckpointError', 'SafetensorsError']).toContain(name);
    return 'refused';
  }
}

describe('decodeCheckpoint', () => {
  it('gives back a checkpoint bit by bit, one before the first validation too', () => {
    expect(decodeCheckpoint(sound)).toEqual(checkpoint);
    const best = { loss: Number.POSITIVE_INFINITY, epoch: 0 };
    const early = { ...checkpoint, state: { ...checkpoint.state, best }, best: undefined, metrics: '' };
    expect(decodeCheckpoint(encodeCheckpoint(early))).toEqual(early);
  });

  it('takes memory that was used before', () => {
    const used = new Uint8Array(sound.length + 8).fill(255);
    const bytes = encodeCheckpoint(checkpoint, (length) => used.subarray(8, 8 + length));
    expect(bytes.buffer).toBe(used.buffer);
    expect(bytes).toEqual(sound);
  });

  it('refuses every flipped bit and every truncation', () => {
    for (let bit = 0; bit < 8 * sound.length; bit++) {
      expect(outcome(sound.with(bit >> 3, sound[bit >> 3]! ^ (1 << (bit & 7))))).toBe('refused');
    }
    for (let length = 0; length < sound.length; length++) expect(outcome(sound.subarray(0, length))).toBe('refused');
  });

  it('reads or refuses 10,000 with damaged parts under a true checksum, with a typed error', () => {
    const { arrays: parts, metadata } = openSafetensors(sound);
    const damage = fc.record({
      entry: fc.constantFrom(...Object.entries(metadata)),
      at: fc.nat({ max: 120 }),
      cut: fc.nat({ max: 6 }),
      piece: fc.oneof(
        fc.constantFrom('{', '}', '"', '-1', '0', 'null', '1e999', '9'.repeat(20)),
        fc.string({ maxLength: 3 }),
      ),
      lost: fc.option(fc.constantFrom(...Object.keys(metadata), ...Object.keys(parts)), { freq: 4 }),
    });
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(damage, ({ entry: [key, text], at, cut, piece, lost }) => {
        const spoilt = { ...metadata, [key]: text.slice(0, at) + piece + text.slice(at + cut) };
        const kept = <T>(record: Readonly<Record<string, T>>) =>
          Object.fromEntries(Object.entries(record).filter(([name]) => name !== lost));
        counts[outcome(sealSafetensors(kept(parts), kept(spoilt)))]++;
      }),
      { ...seeded, numRuns: 10_000 },
    );
    expect(counts.read + counts.refused).toBe(10_000);
    expect(counts.refused).toBeGreaterThan(1000);
    expect(counts.read).toBeGreaterThan(100);
  });

  it('names a missing checksum', () => {
    expect(() => openSafetensors(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d))).toThrow(CheckpointError);
  });
});
