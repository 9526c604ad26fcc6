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

/** A training in the browser's storage, with a mark of its own at each saving. */
interface Kept extends SavedTraining {
  readonly mark: number;
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

/** Reads what is kept; in the same transaction, where no other tab comes between, `change` may change it. */
async function withKept(mode: IDBTransactionMode, change?: (store: IDBObjectStore, kept?: Kept) => void) {
  const database = await opened();
  try {
    return await new Promise<Kept | undefined>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const store = transaction.objectStore(STORE);
      const request: IDBRequest<Kept | undefined> = store.get(KEY);
      request.onsuccess = () => change?.(store, request.result);
      // A request may succeed and its data be lost: whether there is room is known when the transaction ends.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? request.error);
    });
  } finally {
    database.close();
  }
}

/** The storage as a tab uses it: what another tab has kept since this one has looked is not written over, nor forgotten. */
export class TrainingStorage {
  /** The mark of what was read or kept last. */
  #known: number | undefined;

  #mayChange(kept?: Kept): boolean {
    return kept === undefined || kept.mark === this.#known;
  }

  /** The training that is kept in this browser. */
  async read(): Promise<SavedTraining | undefined> {
    const kept = await withKept('readonly');
    this.#known = kept?.mark;
    return kept;
  }

  /** @throws Error where another tab has kept a training since, or there is no room */
  async keep(training: SavedTraining): Promise<void> {
    const mark = Math.random();
    const before = await withKept('readwrite', (store, kept) => {
      if (this.#mayChange(kept)) store.put({ ...training, mark } satisfies Kept, KEY);
    });
    if (before && !this.#mayChange(before)) {
      throw new Error(`another tab has kept ${before.updates} updates since. Reload to go on from those.`);
    }
    this.#known = mark;
  }

  /** Forgets what this tab has read or kept. */
  async forget(): Promise<void> {
    await withKept('readwrite', (store, kept) => {
      if (this.#mayChange(kept)) store.delete(KEY);
    });
  }
}
