// Runs trained networks beside the page, one step after the other, each sent as soon as it is there.
import { download } from './download.js';
import type { TraceRequest, TraceResponse } from './messages.js';
import { availableComputes, type LiveNetwork, openNetwork, readWeights } from './network.js';
import { startGamma, trace } from './trace.js';

const send = (response: TraceResponse) => postMessage(response);
const weights = new Map<string, Promise<ReturnType<typeof readWeights>>>();
const networks = new Map<string, Promise<LiveNetwork>>();
/** The newest request: an older one ends at its next step. */
let current = 0;

/** What is made once for a key; where that fails, it is tried again the next time. */
function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key);
  if (known) return known;
  const making = make();
  made.set(key, making);
  making.catch(() => made.delete(key));
  return making;
}

async function load({ id, weights: url }: TraceRequest) {
  return readWeights(await download(url, (done, total) => send({ kind: 'loading', id, loaded: done, total })));
}

const network = (request: TraceRequest): Promise<LiveNetwork> =>
  once(networks, `${request.weights} ${request.compute}`, async () =>
    openNetwork(await once(weights, request.weights, () => load(request)), request.compute),
  );

/** Lets messages in; a timer would wait for four milliseconds. */
const { port1, port2 } = new MessageChannel();
const breathe = () =>
  new Promise<void>((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(undefined);
  });

async function run(request: TraceRequest): Promise<void> {
  const { id, components } = request;
  const { pixels, compute, unroll } = await network(request);
  if (id !== current) return;
  send({ kind: 'start', id, gamma: startGamma(request, pixels), compute, available: await availableComputes() });
  if (components < 1) return;
  for await (const result of trace(unroll, request, pixels)) {
    send({ kind: 'step', id, result });
    await breathe();
    if (id !== current) return;
  }
}

async function report({ id, weights: url, compute }: TraceRequest, error: unknown): Promise<void> {
  // A newer request may be using the network, and has taken its engine from this one.
  if (id !== current) return;
  // A lost device is asked for again.
  networks.delete(`${url} ${compute}`);
  const message = error instanceof Error ? error.message : String(error);
  send({ kind: 'failed', id, message, available: await availableComputes() });
}

addEventListener('message', ({ data }: MessageEvent<TraceRequest>) => {
  current = data.id;
  run(data).catch((error: unknown) => report(data, error));
});
