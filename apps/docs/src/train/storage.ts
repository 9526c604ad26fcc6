import type { NamedArrays, OptimizerState } from '@nem/core';
import type { History } from './messages.js';
import type { TrainSettings } from './settings.js';

/** Everything that a training goes on from after its tab was closed. */
export interface SavedTraining {
  readonly settings: TrainSettings;
  readonly updates: number;
  readonly parameters: NamedArrays;
  readonly optimizer: OptimizerState;
  readonly history: History;
}

const DATABASE = 'nem-train';
const STORE = 'trainings';
/** One training is kept. */
const KEY = 'page';

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function withStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    return await settled(use(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** The training that is kept in this browser. */
export const readTraining = (): Promise<SavedTraining | undefined> => withStore('readonly', (store) => store.get(KEY));

export const keepTraining = (training: SavedTraining): Promise<unknown> =>
  withStore('readwrite', (store) => store.put(training, KEY));

export const forgetTraining = (): Promise<unknown> => withStore('readwrite', (store) => store.delete(KEY));
