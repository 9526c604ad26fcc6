import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseVector, verify } from '@nem/core/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dawnAdapter } from './dawn.fixture.js';
import { requestDevice } from './device.js';
import { compile } from './engine.js';

const folder = join(dirname(createRequire(import.meta.url).resolve('@nem/core/package.json')), 'vectors');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const adapter = await dawnAdapter();

describe.skipIf(!adapter)('golden vectors on Dawn (needs a Vulkan driver)', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await requestDevice(adapter as GPUAdapter);
  });
  afterAll(() => device?.destroy());

  // A software driver takes about a second to compile a kernel.
  it.each(files)('%s holds, values and gradients', { timeout: 600_000 }, async (file) => {
    const vector = parseVector(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    const rows = await verify((spec) => compile(device, spec), vector);
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((row) => !row.holds)).toEqual([]);
  });
});
