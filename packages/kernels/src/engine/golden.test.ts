import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { decodeVector, verify } from '@nem/core';
import { deriveKey } from '@nem/random';
import { describe, expect, it } from 'vitest';
import { allKernels } from '../all-kernels.fixture.js';
import { createKernelEngine } from './engine.js';

const folder = join(dirname(createRequire(import.meta.url).resolve('@nem/core/package.json')), 'vectors');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

describe.each(allKernels)('%s', (_, kernels) => {
  it.each(files)('%s holds', async (file) => {
    const vector = decodeVector(readFileSync(join(folder, file)));
    const rows = await verify(async (spec) => createKernelEngine(kernels, spec, deriveKey(0, 'parameters')), vector);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => !row.holds)).toEqual([]);
  });
});
