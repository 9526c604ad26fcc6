import { afterEach, expect, it, vi } from 'vitest';
import { storageThat } from './indexed-db.fixture.js';
import { settingsOf } from './settings.js';
import { type SavedTraining, TrainingStorage } from './storage.js';

afterEach(() => vi.unstubAllGlobals());

const saved: SavedTraining = {
  ...{ settings: settingsOf('n-em', 0.003, 0), updates: 3, parameters: {}, history: { losses: [], scores: [] } },
  optimizer: { updates: 3, m: {}, v: {} },
};

it('keeps a training, and reads it', async () => {
  const { close } = storageThat('complete');
  const storage = new TrainingStorage();
  await storage.keep(saved);
  expect(await storage.read()).toMatchObject(saved);
  expect(close).toHaveBeenCalledTimes(2);
});

it('says that a training is not kept where the transaction is undone after its request has succeeded', async () => {
  const { close } = storageThat('abort');
  await expect(new TrainingStorage().keep(saved)).rejects.toThrow('QuotaExceededError');
  expect(close).toHaveBeenCalledOnce();
});

it('neither writes over nor forgets what another tab has kept since', async () => {
  storageThat('complete');
  const [own, other] = [new TrainingStorage(), new TrainingStorage()];
  await own.keep(saved);
  await other.read();
  await own.keep({ ...saved, updates: 65 });
  await expect(other.keep({ ...saved, updates: 20 })).rejects.toThrow('another tab has kept 65 updates since');
  await other.forget();
  expect(await own.read()).toMatchObject({ updates: 65 });
  // Having looked, it goes on from there; where nothing is kept any more, anyone may begin.
  await other.read();
  await other.keep({ ...saved, updates: 70 });
  expect(await own.read()).toMatchObject({ updates: 70 });
  await own.forget();
  await other.keep(saved);
  expect(await other.read()).toMatchObject(saved);
});
