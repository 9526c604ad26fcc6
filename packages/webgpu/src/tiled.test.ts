import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dawnAdapter } from './dawn.fixture.js';
import { requestDevice } from './device.js';
import { expectGradients, key, networks } from './engine.fixture.js';
import { compile } from './engine.js';
import type { Choice, ProductSize, Tile } from './kernels/tile.js';
import { elementAt } from './required.js';

/** Tiles taken so far. */
const taken = new Set<Tile>();

// Products of tiny networks would read their operands directly, and none would be cut: here each takes some tile, by its size.
vi.mock('./kernels/tile.js', async (original) => {
  const { TILES, ...rest } = await original<typeof import('./kernels/tile.js')>();
  const tiles = TILES.filter(({ direct }) => !direct);
  return {
    ...rest,
    TILES,
    choose({ m, n, k, mostParts }: ProductSize): Choice {
      const tile = elementAt(tiles, (m + 3 * n + 7 * k) % tiles.length);
      taken.add(tile);
      return { tile, parts: Math.min(mostParts, 3, Math.ceil(k / tile.depth)) };
    },
  };
});

const adapter = await dawnAdapter();

describe.skipIf(!adapter)('a compiled engine whose products are all tiled and cut (needs a Vulkan driver)', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    device = await requestDevice(adapter as GPUAdapter);
  });
  afterAll(() => device?.destroy());

  it('has the gradients of the engine cpu, for a random network', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ spec, batch }) => {
        const ours = await compile(device, { ...spec, key });
        await expectGradients(ours, spec, batch);
        ours.dispose();
      }),
      { numRuns: 1, seed: 1 },
    );
    expect(taken.size).toBeGreaterThan(6);
  });
});
