// Trains beside the page: one update after the other, between which it listens. What it has learnt is kept in the browser's storage.
import { decodeSafetensors, readModelMetadata } from '@nem/core';
import type { TrainCommand, TrainEvent } from './messages.js';
import type { TrainSettings } from './settings.js';
import { forgetTraining, keepTraining, readTraining } from './storage.js';
import { Training } from './training.js';

/** Updates between two looks at the test images, and milliseconds between two savings. */
const WATCH_UPDATES = 20;
const SAVE_MILLISECONDS = 5000;

const send = (event: TrainEvent) => postMessage(event);

let training: Training | undefined;
/** Counts starts and pauses: a loop ends where it has changed. */
let turn = 0;

/** Lets messages in. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));

async function show(running: Training): Promise<void> {
  const watched = await running.watch();
  send({ kind: 'watched', update: running.updates, watched });
  send({ kind: 'history', history: running.history });
}

async function keep(running: Training): Promise<void> {
  await keepTraining(await running.saved());
}

async function loop(running: Training): Promise<void> {
  const own = ++turn;
  let saved = performance.now();
  if (running.updates === 0) await show(running);
  while (own === turn) {
    const began = performance.now();
    const loss = await running.update();
    send({ kind: 'updated', update: running.updates, loss, milliseconds: performance.now() - began });
    if (running.updates % WATCH_UPDATES === 0) await show(running);
    if (performance.now() - saved > SAVE_MILLISECONDS) {
      await keep(running);
      saved = performance.now();
    }
    await breathe();
  }
}

function replace(next: Training | undefined): void {
  turn++;
  training?.dispose();
  training = next;
}

/** The training there is: of this visit, or kept from an earlier one. */
async function existing(): Promise<Training | undefined> {
  if (training) return training;
  const kept = await readTraining();
  if (kept) replace(await Training.resume(kept));
  return training;
}

async function start(settings?: TrainSettings): Promise<void> {
  if (settings) replace(await Training.begin(settings));
  const running = await existing();
  if (running) await loop(running);
}

async function pause(): Promise<void> {
  turn++;
  if (!training) return;
  await keep(training);
  send({ kind: 'paused', updates: training.updates });
}

async function load(bytes: Uint8Array, settings: TrainSettings): Promise<void> {
  const { arrays, metadata } = decodeSafetensors(bytes);
  const { model } = readModelMetadata(metadata) ?? {};
  if (model && (model.image[0] !== 28 || model.image[1] !== 28)) {
    throw new Error(`these are weights for images of ${model.image.join('×')} pixels: load some for 28×28.`);
  }
  const loaded = model ? { ...settings, network: model.network } : settings;
  replace(await Training.begin(loaded, arrays));
  if (!training) return;
  await show(training);
  await keep(training);
  send({ kind: 'opened', settings: loaded, updates: 0, history: training.history });
  send({ kind: 'paused', updates: 0 });
}

async function open(): Promise<void> {
  const running = await existing();
  if (!running) return send({ kind: 'opened', updates: 0, history: { losses: [], scores: [] } });
  const { settings, updates, history } = running;
  send({ kind: 'opened', settings, updates, history });
  await show(running);
}

async function obey(command: TrainCommand): Promise<void> {
  switch (command.kind) {
    case 'open':
      return open();
    case 'start':
      return start(command.settings);
    case 'pause':
      return pause();
    case 'forget':
      replace(undefined);
      return void (await forgetTraining());
    case 'export':
      if (training) send({ kind: 'exported', bytes: await training.file(), updates: training.updates });
      return;
    case 'import':
      return load(command.bytes, command.settings);
    default:
      command satisfies never;
  }
}

addEventListener('message', ({ data }: MessageEvent<TrainCommand>) => {
  obey(data).catch((error: unknown) => {
    turn++;
    send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
});
