import {
  createEmStep,
  decodeSafetensors,
  type Engine,
  type EngineSpec,
  type ModelDescription,
  type NamedArrays,
  readModelMetadata,
} from '@nem/core';
import type { ComputeChoice, ComputeName } from './computes.js';
import { byEngine, byStep, type Unroll } from './unroll.js';

/** A trained network, ready to be unrolled. */
export interface LiveNetwork {
  readonly pixels: number;
  readonly compute: ComputeName;
  readonly unroll: Unroll;
}

interface Weights {
  readonly model: ModelDescription;
  readonly parameters: NamedArrays;
}

/** @throws Error for weights that say nothing of their network */
export function readWeights(bytes: Uint8Array): Weights {
  const { arrays: parameters, metadata } = decodeSafetensors(bytes);
  const found = readModelMetadata(metadata);
  if (!found) throw new Error('the weights say nothing of their network.');
  return { model: found.model, parameters };
}

/** A GPU of the machine, also one that the processor plays; undefined where there is none. */
async function findGpu(): Promise<GPUAdapter | undefined> {
  // Node 20 has no navigator.
  const { gpu } = (globalThis.navigator ?? {}) as { readonly gpu?: GPU };
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  return adapter ?? undefined;
}

/** Whether the processor plays the GPU. Older browsers do not say what kind of adapter it is. */
const isEmulated = ({ info }: { readonly info?: GPUAdapterInfo }): boolean => info?.isFallbackAdapter ?? false;

/** What an engine that unrolls the network is made for: no loss is asked for, and noise is put on beforehand. */
export function engineSpecOf(
  { network, mixture, image, initialPrediction }: ModelDescription,
  components: number,
  steps: number,
): EngineSpec {
  const objective = { interWeight: 1, stepWeights: new Array<number>(steps).fill(1), gammaGradient: false };
  return { network, mixture, image, initialPrediction, components, objective, noise: { type: 'none' } };
}

async function onGpu({ model, parameters }: Weights, adapter: GPUAdapter): Promise<Unroll> {
  const { compile, requestDevice } = await import('@nem/webgpu');
  const device = await requestDevice(adapter);
  let made: { readonly of: string; readonly engine: Promise<Engine> } | undefined;
  return byEngine((components, steps) => {
    const of = `${components} ${steps}`;
    if (made?.of === of) return made.engine;
    void made?.engine.then((engine) => engine.dispose());
    const engine = compile(device, engineSpecOf(model, components, steps)).then((ready) => {
      ready.setParameters(parameters);
      return ready;
    });
    made = { of, engine };
    return engine;
  });
}

/** Undefined in a browser without vectors in WebAssembly. */
async function inWasm({ model, parameters }: Weights): Promise<Unroll | undefined> {
  const [{ loadWasm }, { createKernelStep }] = await Promise.all([
    import('@nem/kernels'),
    import('@nem/kernels/engine'),
  ]);
  const kernels = unlessThrown(loadWasm);
  return kernels && byStep(createKernelStep(kernels, model, parameters));
}

function unlessThrown<T>(load: () => T): T | undefined {
  try {
    return load();
  } catch {
    return undefined;
  }
}

const isConvolutional = ({ network }: ModelDescription) =>
  network.type === 'rnn-em' && [...network.input, ...network.output].some(({ type }) => type === 'conv');

/** Where nobody has asked for a GPU, it is used for convolutions alone: a step of a dense network takes WebAssembly a millisecond. */
async function onGpuIfBest(weights: Weights): Promise<Unroll | undefined> {
  const adapter = isConvolutional(weights.model) ? await findGpu() : undefined;
  if (!adapter || isEmulated(adapter)) return undefined;
  // An adapter may give no device, as one does whose driver has failed.
  return onGpu(weights, adapter).catch(() => undefined);
}

async function onAskedGpu(weights: Weights): Promise<Unroll> {
  const adapter = await findGpu();
  if (!adapter) throw new Error('this browser gives no graphics processor (WebGPU) to a page.');
  return onGpu(weights, adapter);
}

/**
 * A network on what is asked for, or the best there is.
 * @throws Error where what is asked for is not there
 */
export async function openNetwork(weights: Weights, choice: ComputeChoice): Promise<LiveNetwork> {
  const { model, parameters } = weights;
  const pixels = model.image[0] * model.image[1];
  if (choice === 'webgpu') return { pixels, compute: 'webgpu', unroll: await onAskedGpu(weights) };
  const gpu = choice === 'auto' ? await onGpuIfBest(weights) : undefined;
  if (gpu) return { pixels, compute: 'webgpu', unroll: gpu };
  const wasm = choice === 'plain' ? undefined : await inWasm(weights);
  if (wasm) return { pixels, compute: 'wasm', unroll: wasm };
  if (choice === 'wasm') throw new Error('this browser has no WebAssembly with vectors.');
  return { pixels, compute: 'plain', unroll: byStep(createEmStep(model, parameters)) };
}

/** What this browser may compute on. */
export async function availableComputes(): Promise<ComputeName[]> {
  return (await findGpu()) ? ['webgpu', 'wasm', 'plain'] : ['wasm', 'plain'];
}
