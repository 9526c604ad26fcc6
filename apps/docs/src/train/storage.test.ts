import { afterEach, expect, it, vi } from 'vitest';
import { storageThat } from './indexed-db.fixture.js';
import { settingsOf } from './settings.js';
import { keepTraining, readTraining, type SavedTraining } from './storage.js';

afterEach(() => vi.unstubAllGlobals());

const saved: SavedTraining = {
  ...{ settings: settingsOf('n-em', 0.003, 0), updates: 3, parameters: {}, history: { losses: [], scores: [] } },
  optimizer: { updates: 3, m: {}, v: {} },
};

it('keeps a training, and reads it', async () => {
  const { close } = storageThat('complete', saved);
  await keepTraining(saved);
  expect(await readTraining()).toBe(saved);
  expect(close).toHaveBeenCalledTimes(2);
});

it('says that a training is not kept where the transaction is undone after its request has succeeded', async () => {
  const { close } = storageThat('abort');
  await expect(keepTraining(saved)).rejects.toThrow('QuotaExceededError');
  expect(close).toHaveBeenCalledOnce();
});
