// Runs trained networks beside the page: @nem/core's step in plain TypeScript, one step after the other, each sent as soon as it is there.
import { createEmStep, decodeSafetensors, type EmStep } from '@nem/core';
import { download } from './download.js';
import type { TraceRequest, TraceResponse } from './messages.js';
import { MODELS, type ModelName } from './models.js';
import { startGamma, trace } from './trace.js';

const send = (response: TraceResponse) => postMessage(response);
const loaded = new Map<ModelName, Promise<EmStep>>();
/** The newest request: an older one ends at its next step. */
let current = 0;

async function load({ id, model, weights }: TraceRequest): Promise<EmStep> {
  const bytes = await download(weights, (done, total) => send({ kind: 'loading', id, loaded: done, total }));
  return createEmStep(MODELS[model].spec, decodeSafetensors(bytes).arrays);
}

/** A network, loaded once; one that could not be loaded is asked for again. */
function network(request: TraceRequest): Promise<EmStep> {
  const known = loaded.get(request.model);
  if (known) return known;
  const loading = load(request);
  loaded.set(request.model, loading);
  loading.catch(() => loaded.delete(request.model));
  return loading;
}

/** Lets messages in. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));

async function run(request: TraceRequest): Promise<void> {
  const { id, model, components } = request;
  const step = await network(request);
  const [height, width] = MODELS[model].spec.image;
  send({ kind: 'start', id, gamma: startGamma(request, height * width) });
  if (components < 1) return;
  for (const result of trace(step, request, height * width)) {
    send({ kind: 'step', id, result });
    await breathe();
    if (id !== current) return;
  }
}

addEventListener('message', ({ data }: MessageEvent<TraceRequest>) => {
  current = data.id;
  run(data).catch((error: unknown) => {
    send({ kind: 'failed', id: data.id, message: error instanceof Error ? error.message : String(error) });
  });
});
