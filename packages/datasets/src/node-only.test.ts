import { expect, it } from 'vitest';
import * as hdf5InBrowsers from './hdf5/browser.js';
import * as hdf5 from './hdf5/index.js';
import * as mnistInBrowsers from './mnist/browser.js';
import * as mnist from './mnist/index.js';

it('browsers have every name of a sub-path, so that what type-checks can be bundled', () => {
  const names = (module: object) => Object.keys(module).sort();
  expect(names(mnistInBrowsers)).toEqual(names(mnist));
  expect(names(hdf5InBrowsers)).toEqual(names(hdf5));
});

it('what needs Node says so in browsers, and what to do instead', async () => {
  await expect(mnistInBrowsers.loadDigits()).rejects.toMatchObject({
    code: 'NEM_DATASET',
    message:
      'loadDigits needs Node, and this is a browser: fetch the four IDX files, read them by readIdx and give them to digitsFromIdx.',
  });
  await expect(hdf5InBrowsers.openHdf5('shapes.h5')).rejects.toThrow('openHdf5 needs Node, and this is a browser');
  expect(mnistInBrowsers.defaultCache()).toBeUndefined();
});
