import type { TraceRequest, TraceResponse } from './messages.js';

/** What the page does with the answers of the newest request. */
export interface TraceEvents {
  loading(loaded: number, total: number): void;
  start(begun: Extract<TraceResponse, { kind: 'start' }>): void;
  step(result: Extract<TraceResponse, { kind: 'step' }>['result']): void;
  /** @param available what may be chosen; undefined where that is not known */
  failed(message: string, available?: Extract<TraceResponse, { kind: 'failed' }>['available']): void;
}

/** The worker, and the newest request to it: answers to older ones are dropped. */
export class EmClient {
  readonly #events: TraceEvents;
  #worker: Worker | undefined;
  #newest = 0;

  constructor(events: TraceEvents) {
    this.#events = events;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./em.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<TraceResponse>) => {
      if (data.id === this.#newest) deliver(data, this.#events);
    });
    worker.addEventListener('error', ({ message }) => {
      // One that did not start answers nothing: the next request starts another.
      this.dispose();
      this.#events.failed(message || 'the worker did not start.');
    });
    return worker;
  }

  /** Drops what is being computed and computes this. */
  request(scene: Omit<TraceRequest, 'id'>): void {
    this.#newest++;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ ...scene, id: this.#newest } satisfies TraceRequest);
  }

  dispose(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function deliver(response: TraceResponse, events: TraceEvents): void {
  switch (response.kind) {
    case 'loading':
      events.loading(response.loaded, response.total);
      return;
    case 'start':
      events.start(response);
      return;
    case 'step':
      events.step(response.result);
      return;
    case 'failed':
      events.failed(response.message, response.available);
      return;
    default:
      response satisfies never;
  }
}
