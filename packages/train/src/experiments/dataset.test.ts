import { DatasetError } from '@nem/datasets';
import { expect, it } from 'vitest';
import { bars } from '../fit/bars.fixture.js';
import { createDataset, findExperiment, withDataFile } from './index.js';

it('a dataset is refused where the data are drawn here or those of a file', async () => {
  const drawn = findExperiment('static-shapes');
  const given = (experiment: typeof drawn) => createDataset(experiment, 0, () => undefined, bars());
  await expect(given(drawn)).rejects.toThrow(DatasetError);
  await expect(given(drawn)).rejects.toThrow('where the data are static-shapes: leave dataset out.');
  await expect(given(withDataFile(drawn, 'a.h5'))).rejects.toThrow('where the data are those of the file a.h5: leave');
});
