import { DatasetError, drawSamples } from '@nem/datasets';
import { expect, it } from 'vitest';
import { movingDots } from '../evaluation/moving-dots.fixture.js';
import { bars } from '../fit/bars.fixture.js';
import { defineExperiment } from './define.js';
import { createDataset, findExperiment, withDataFile } from './index.js';

it('a dataset is refused where the data are drawn here or those of a file', async () => {
  const drawn = findExperiment('static-shapes');
  const given = (experiment: typeof drawn) => createDataset(experiment, 0, () => undefined, bars());
  await expect(given(drawn)).rejects.toThrow(DatasetError);
  await expect(given(drawn)).rejects.toThrow('where the data are static-shapes: leave dataset out.');
  await expect(given(withDataFile(drawn, 'a.h5'))).rejects.toThrow('where the data are those of the file a.h5: leave');
});

it('has the first frames of sequences that are longer than the steps of an experiment, and refuses shorter ones', async () => {
  const whole = movingDots(5, 4);
  const { experiment } = defineExperiment({ dataset: whole, components: 2, steps: 2 });
  const cut = await createDataset(experiment, 0, () => undefined, whole);
  const [samples, all] = [cut, whole].map((dataset) => drawSamples(dataset, 'test', [2, 0, 3]));
  expect(samples).toMatchObject({ frames: 3, count: 3 });
  // Frames are the outermost axis.
  expect(samples!.features).toEqual(all!.features.subarray(0, samples!.features.length));
  expect(samples!.groups).toEqual(all!.groups.subarray(0, samples!.groups.length));
  expect(cut.sample('test', 3)).toEqual(drawSamples(cut, 'test', [3]));
  await expect(createDataset({ ...experiment, steps: 5 }, 0, () => undefined, whole)).rejects.toThrow(
    'moving dots has sequences of 5 frames, too few for 5 steps: choose fewer, e.g. steps=4.',
  );
});
