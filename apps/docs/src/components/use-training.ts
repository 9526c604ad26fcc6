import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue';
import type { History, TrainCommand, TrainEvent, Watched } from '../train/messages.js';
import type { TrainSettings } from '../train/settings.js';

/** What the page shows of a training. */
export type TrainStatus = 'looking' | 'none' | 'starting' | 'training' | 'paused' | 'failed';

/** The training worker, and what it has told so far. */
export function useTraining() {
  const status = ref<TrainStatus>('looking');
  const settings = shallowRef<TrainSettings>();
  const updates = ref(0);
  const milliseconds = ref<number>();
  const history = shallowRef<History>({ losses: [], scores: [] });
  const watched = shallowRef<Watched>();
  const failure = ref('');
  let worker: Worker | undefined;

  const send = (command: TrainCommand) => worker?.postMessage(command);

  function receive(event: TrainEvent): void {
    switch (event.kind) {
      case 'opened':
        settings.value = event.settings;
        updates.value = event.updates;
        history.value = event.history;
        status.value = event.settings ? 'paused' : 'none';
        return;
      case 'updated':
        updates.value = event.update;
        milliseconds.value = event.milliseconds;
        if (status.value === 'starting') status.value = 'training';
        return;
      case 'history':
        history.value = { losses: [...event.history.losses], scores: [...event.history.scores] };
        return;
      case 'watched':
        watched.value = event.watched;
        return;
      case 'paused':
        updates.value = event.updates;
        status.value = 'paused';
        return;
      case 'exported':
        save(event.bytes, `nem-${event.updates}-updates.safetensors`);
        return;
      case 'failed':
        failure.value = event.message;
        status.value = settings.value ? 'paused' : 'failed';
        return;
      default:
        event satisfies never;
    }
  }

  onMounted(() => {
    worker = new Worker(new URL('../train/train.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<TrainEvent>) => receive(data));
    worker.addEventListener('error', ({ message }) =>
      receive({ kind: 'failed', message: message || 'the worker did not start.' }),
    );
    send({ kind: 'open' });
  });
  onBeforeUnmount(() => worker?.terminate());

  /** Begins a training, or goes on with the one there is. */
  function start(anew?: TrainSettings): void {
    failure.value = '';
    if (anew) {
      settings.value = anew;
      history.value = { losses: [], scores: [] };
      updates.value = 0;
    }
    status.value = 'starting';
    send({ kind: 'start', settings: anew });
  }

  function forget(): void {
    send({ kind: 'forget' });
    receive({ kind: 'opened', updates: 0, history: { losses: [], scores: [] } });
    watched.value = undefined;
  }

  return {
    ...{ status, settings, updates, milliseconds, history, watched, failure, start, forget },
    running: computed(() => status.value === 'starting' || status.value === 'training'),
    pause: () => send({ kind: 'pause' }),
    download: () => send({ kind: 'export' }),
    load(bytes: Uint8Array, given: TrainSettings) {
      failure.value = '';
      send({ kind: 'import', bytes, settings: given });
    },
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
