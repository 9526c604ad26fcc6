import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseVector, verify } from '@nem/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dawnAdapter, lavapipeAdapter } from './dawn.fixture.js';
import { requestDevice } from './device.js';
import { compile } from './engine.js';

const folder = join(dirname(createRequire(import.meta.url).resolve('@nem/core/package.json')), 'vectors');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const drivers = [
  ['Dawn (needs a Vulkan driver)', await dawnAdapter()],
  ["Dawn with Mesa's lavapipe (needs mesa-vulkan-drivers, 25 or later)", await lavapipeAdapter()],
] as const;

describe.each(drivers)('golden vectors on %s', (_, adapter) => {
  let device: GPUDevice;
  beforeAll(async () => {
    if (adapter) device = await requestDevice(adapter);
  });
  afterAll(() => device?.destroy());

  // A software driver takes about a second to compile a kernel.
  it.skipIf(!adapter).each(files)('%s holds, values and gradients', async (file) => {
    const vector = parseVector(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    const rows = await verify((spec) => compile(device, spec), vector);
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((row) => !row.holds)).toEqual([]);
  });
});
