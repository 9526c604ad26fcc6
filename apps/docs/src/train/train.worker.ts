// Trains beside the page: one update after the other, between which it listens. What it has learnt is kept in the browser's storage.
import { decodeSafetensors, readModelMetadata } from '@nem/core';
import { NO_HISTORY, type TrainCommand, type TrainEvent } from './messages.js';
import type { TrainSettings } from './settings.js';
import { TrainingStorage } from './storage.js';
import { Training } from './training.js';

/** Updates between two looks at the test images, and milliseconds between two savings. */
const WATCH_UPDATES = 20;
const SAVE_MILLISECONDS = 5000;

const storage = new TrainingStorage();

const send = (event: TrainEvent) => postMessage(event);

/** Another one may come in its place whenever something is waited for. */
let training: Training | undefined;
/** Updates of it that the browser's storage has. */
let kept: number | undefined;
/** Counts starts and pauses: a loop ends where it has changed. */
let turn = 0;

/** Lets messages in. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));

async function show(running: Training): Promise<void> {
  const watched = await running.watch();
  if (running !== training) return;
  send({ kind: 'watched', update: running.updates, watched });
  send({ kind: 'history', history: running.history });
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Says which training there is. */
function tell(): void {
  const { settings, updates, history } = training ?? { settings: undefined, updates: 0, history: NO_HISTORY };
  send({ kind: 'opened', settings, updates, history, kept });
}

/** Puts a training into the browser's storage. Where there is none, it is full or another tab uses it, the training goes on without. */
async function keep(running: Training): Promise<void> {
  try {
    const saved = await running.saved();
    if (running !== training) return;
    await storage.keep(saved);
    if (running !== training) return;
    kept = saved.updates;
    send({ kind: 'kept', updates: kept });
  } catch (error) {
    if (running === training) send({ kind: 'unkept', message: messageOf(error) });
  }
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
  kept = undefined;
}

/** The training there is: of this visit, or kept from an earlier one. */
async function existing(): Promise<Training | undefined> {
  if (training) return training;
  const saved = await storage.read();
  const resumed = saved && (await Training.resume(saved));
  if (resumed && !training) {
    replace(resumed);
    kept = saved.updates;
  }
  return training;
}

async function start(settings?: TrainSettings): Promise<void> {
  if (settings) replace(await Training.begin(settings));
  const running = await existing();
  tell();
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
  const begun = await Training.begin(loaded, arrays);
  replace(begun);
  tell();
  send({ kind: 'paused', updates: 0 });
  await show(begun);
  await keep(begun);
}

async function open(): Promise<void> {
  const running = await existing();
  tell();
  if (running) await show(running);
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
      return void (await storage.forget());
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
    if (data.kind === 'start') turn++;
    send({ kind: 'failed', command: data.kind, message: messageOf(error) });
  });
});
