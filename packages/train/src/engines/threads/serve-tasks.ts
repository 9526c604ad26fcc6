import { parentPort } from 'node:worker_threads';
import { collectGarbage } from '../../system/collect-garbage.js';
import { ownBuffers } from './own-buffers.js';

/** The answer to a task. */
export type Reply = { readonly result: unknown } | { readonly error: string };

/** What is told of a task that failed. */
function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof RangeError)) return message;
  return `a batch does not fit into memory (${message}): take fewer EM steps, components or inputs of a batch.`;
}

/** Tasks between two collections of garbage: those of some hundred updates. */
const COLLECTION_INTERVAL = 256;

/** The worker's end of a `WorkerThread`: answers each task with what `run` gives. */
export function serveTasks<T>(run: (task: T) => unknown): void {
  let tasks = 0;
  parentPort?.on('message', async (task: T) => {
    let reply: Reply;
    try {
      reply = { result: await run(task) };
    } catch (error) {
      reply = { error: sentence(error) };
    }
    parentPort?.postMessage(reply, ownBuffers(reply));
    if (++tasks % COLLECTION_INTERVAL === 0) collectGarbage();
  });
}
