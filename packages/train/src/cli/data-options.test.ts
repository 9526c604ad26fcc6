import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { staticShapes } from '@nem/datasets';
import { writeHdf5 } from '@nem/datasets/hdf5';
import { afterAll, expect, it, vi } from 'vitest';
import { experimentOf } from './data-options.js';

const folder = mkdtempSync(join(tmpdir(), 'nem-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('tells that other data have no stages', async () => {
  const data = join(folder, 'still.h5');
  await writeHdf5({ dataset: staticShapes({ seed: 0, height: 24, width: 24 }), file: data, counts: { test: 1 } });
  const tell = vi.spyOn(console, 'error').mockReturnValue();
  const experiment = await experimentOf('flying-mnist-stages', { data, set: [] });
  expect([experiment.dataset.type, experiment.stages]).toEqual(['hdf5', undefined]);
  expect(tell.mock.calls).toEqual([
    [`flying-mnist-stages is trained without its stages, as its data are those of ${data}.`],
  ]);
});
