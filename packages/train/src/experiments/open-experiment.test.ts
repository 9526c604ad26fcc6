import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { staticShapes } from '@nem/datasets';
import { writeHdf5 } from '@nem/datasets/hdf5';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findExperiment } from './list.js';
import { onData } from './open-experiment.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-open-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'larger.h5');
beforeAll(() => writeHdf5({ dataset: staticShapes({ seed: 0, height: 32, width: 30 }), file, counts: { test: 1 } }));

it('fits the network to data of another size, unless it is set as a whole', async () => {
  const still = findExperiment('static-shapes');
  const fitted = { ...still.network, output: [{ type: 'dense', size: 960, activation: 'sigmoid', layerNorm: false }] };
  expect((await onData(still, file)).network).toEqual(fitted);
  expect((await onData(still, file, ['network.recurrent.size=50'])).network).toEqual(fitted);
  expect((await onData(still, file, ['network={"type":"n-em","size":9}'])).network).toEqual(still.network);
});

it('leaves a network that cannot follow to settings of its fields', async () => {
  const flying = findExperiment('flying-shapes-3');
  await expect(onData(flying, file)).rejects.toThrow('no network of the same layers');
  expect((await onData(flying, file, ['network.input.0.shape=[32,30,1]'])).network).toEqual(flying.network);
});
