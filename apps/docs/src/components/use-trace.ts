import { withBase } from 'vitepress';
import { onBeforeUnmount, ref, shallowRef } from 'vue';
import type { ComputeChoice, ComputeName } from '../live/computes.js';
import { EmClient, type TraceEvents } from '../live/em-client.js';
import type { StepResult } from '../live/messages.js';
import { liveModel, type ModelName } from '../live/models.js';
import type { Scene } from '../live/scene.js';

/** What a scene is grouped with. */
export interface TraceSettings {
  readonly model: ModelName;
  readonly compute: ComputeChoice;
  readonly components: number;
  readonly noise: number;
  readonly seed: number;
  readonly steps: number;
}

type Begun = Parameters<TraceEvents['start']>[0];

/** The steps of the newest scene, which arrive one after the other from the worker. */
export function useTrace() {
  const results = shallowRef<readonly StepResult[]>([]);
  const gamma0 = shallowRef<Float32Array>();
  const progress = ref<number>();
  const failure = ref('');
  /** What computes, and what could. */
  const compute = ref<ComputeName>();
  const available = ref<readonly ComputeName[]>([]);
  let client: EmClient | undefined;
  /** Results so far of the request that is being answered; the page sees the older one's until the first is there. */
  let arriving: StepResult[] = [];
  let arrivingGamma: Float32Array | undefined;

  const events = {
    loading(loaded: number, total: number) {
      progress.value = loaded / total;
    },
    start(begun: Begun) {
      progress.value = undefined;
      arriving = [];
      arrivingGamma = begun.gamma;
      compute.value = begun.compute;
      available.value = begun.available;
    },
    step(result: StepResult) {
      arriving.push(result);
      gamma0.value = arrivingGamma;
      results.value = [...arriving];
    },
    failed(message: string, others = available.value) {
      progress.value = undefined;
      failure.value = message;
      available.value = others;
    },
  };

  function request({ frames, groups }: Scene, settings: TraceSettings): void {
    client ??= new EmClient(events);
    failure.value = '';
    client.request({ ...settings, weights: withBase(`/models/${settings.model}.safetensors`), frames, groups });
  }

  onBeforeUnmount(() => client?.dispose());
  const megabytes = (model: ModelName) => liveModel(model).megabytes;
  return { results, gamma0, progress, failure, compute, available, request, megabytes };
}
