import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { DatasetError, DatasetFileError } from '../src/index.js';

type Library = typeof import('../src/index.js') & typeof import('../src/hdf5/index.js');

/** The package as one of its copies: the entries of each share their errors. */
async function copies(): Promise<[modules: Library, required: Library]> {
  const require = createRequire(import.meta.url);
  const [index, hdf5] = ['index', 'hdf5'].map((entry) => import(new URL(`../dist/${entry}.js`, import.meta.url).href));
  return [
    { ...(await index), ...(await hdf5) },
    { ...require('../dist/index.cjs'), ...require('../dist/hdf5.cjs') },
  ];
}

describe('errors', () => {
  it("of one copy of the package are instances of the other copy's classes", async () => {
    const [modules, required] = await copies();
    expect(modules.DatasetError).not.toBe(required.DatasetError);
    for (const [one, other] of [
      [modules, required],
      [required, modules],
    ] as const) {
      const thrown = (): unknown => {
        try {
          return one.staticShapes({ objects: 0 });
        } catch (error) {
          return error;
        }
      };
      const error = thrown();
      const file: unknown = await one.openHdf5('nowhere.h5').catch((failure) => failure);
      expect(error).toMatchObject({ name: 'DatasetError', code: 'NEM_DATASET' });
      expect(file).toMatchObject({ name: 'DatasetFileError', code: 'NEM_DATASET_FILE' });
      for (const { DatasetError: general, DatasetFileError: special } of [one, other]) {
        expect([error instanceof general, error instanceof special]).toEqual([true, false]);
        expect([file instanceof general, file instanceof special]).toEqual([true, true]);
      }
    }
  });

  it("are no instances of a caller's own class, whose errors are theirs", () => {
    class Own extends DatasetFileError {}
    expect(new Own('message')).toBeInstanceOf(Own);
    expect(new Own('message')).toBeInstanceOf(DatasetError);
    expect(new DatasetFileError('message')).not.toBeInstanceOf(Own);
    for (const other of [null, undefined, 5, 'NEM_DATASET', {}, new Error('message')]) {
      expect((other as unknown) instanceof DatasetError).toBe(false);
    }
  });
});
