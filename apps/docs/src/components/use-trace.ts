import { withBase } from 'vitepress';
import { onBeforeUnmount, ref, shallowRef } from 'vue';
import { EmClient } from '../live/em-client.js';
import type { StepResult } from '../live/messages.js';
import { MODELS, type ModelName } from '../live/models.js';
import type { Scene } from '../live/scene.js';

/** What a scene is grouped with. */
export interface TraceSettings {
  readonly model: ModelName;
  readonly components: number;
  readonly noise: number;
  readonly seed: number;
  readonly steps: number;
}

/** The steps of the newest scene, which arrive one after the other from the worker. */
export function useTrace() {
  const results = shallowRef<readonly StepResult[]>([]);
  const gamma0 = shallowRef<Float32Array>();
  const progress = ref<number>();
  const failure = ref('');
  let client: EmClient | undefined;
  /** Results so far of the request that is being answered; the page sees the older one's until the first is there. */
  let arriving: StepResult[] = [];
  let arrivingGamma: Float32Array | undefined;

  const events = {
    loading(loaded: number, total: number) {
      progress.value = loaded / total;
    },
    start(gamma: Float32Array) {
      progress.value = undefined;
      arriving = [];
      arrivingGamma = gamma;
    },
    step(result: StepResult) {
      arriving.push(result);
      gamma0.value = arrivingGamma;
      results.value = [...arriving];
    },
    failed(message: string) {
      progress.value = undefined;
      failure.value = message;
    },
  };

  function request({ frames, groups }: Scene, settings: TraceSettings): void {
    client ??= new EmClient(events);
    failure.value = '';
    client.request({ ...settings, weights: withBase(`/models/${settings.model}.safetensors`), frames, groups });
  }

  onBeforeUnmount(() => client?.dispose());
  return { results, gamma0, progress, failure, request, megabytes: (model: ModelName) => MODELS[model].megabytes };
}
