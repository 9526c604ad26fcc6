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

const opened = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function withStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = use(transaction.objectStore(STORE));
      // A request may succeed and its data be lost: whether there is room is known when the transaction ends.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error);
    });
  } finally {
    database.close();
  }
}

/** The training that is kept in this browser. */
export const readTraining = (): Promise<SavedTraining | undefined> => withStore('readonly', (store) => store.get(KEY));

export const keepTraining = (training: SavedTraining): Promise<unknown> =>
  withStore('readwrite', (store) => store.put(training, KEY));

export const forgetTraining = (): Promise<unknown> => withStore('readwrite', (store) => store.delete(KEY));
