import { computed, onBeforeUnmount, onMounted, shallowRef } from 'vue';
import { NO_HISTORY, type TrainCommand, type TrainEvent } from '../train/messages.js';
import type { TrainSettings } from '../train/settings.js';
import { after, LOOKING, type TrainView } from '../train/view.js';

/** The training worker, and what it has told so far. */
export function useTraining() {
  const view = shallowRef<TrainView>(LOOKING);
  let worker: Worker | undefined;

  function send(command: TrainCommand): void {
    view.value = { ...view.value, failure: '' };
    worker?.postMessage(command);
  }

  function receive(event: TrainEvent): void {
    if (event.kind === 'exported') save(event.bytes, `nem-${event.updates}-updates.safetensors`);
    else view.value = after(view.value, event);
  }

  onMounted(() => {
    worker = new Worker(new URL('../train/train.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<TrainEvent>) => receive(data));
    worker.addEventListener('error', ({ message }) => {
      view.value = { ...view.value, status: 'failed', failure: message || 'The worker did not start.' };
    });
    send({ kind: 'open' });
  });
  onBeforeUnmount(() => worker?.terminate());

  return {
    view,
    running: computed(() => view.value.status === 'starting' || view.value.status === 'training'),
    /** Begins a training, or goes on with the one there is. */
    start(settings?: TrainSettings) {
      send({ kind: 'start', settings });
      view.value = { ...view.value, status: 'starting' };
    },
    pause: () => send({ kind: 'pause' }),
    forget() {
      send({ kind: 'forget' });
      receive({ kind: 'opened', updates: 0, history: NO_HISTORY });
    },
    download: () => send({ kind: 'export' }),
    load: (bytes: Uint8Array, settings: TrainSettings) => send({ kind: 'import', bytes, settings }),
  };
}

/** Offers bytes as a file, as a link would. */
function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
