import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { storageThat } from './indexed-db.fixture.js';
import type { TrainCommand, TrainEvent } from './messages.js';
import { settingsOf } from './settings.js';

/** What the worker has told, and what it listens with: here it runs in Node. */
const told: TrainEvent[] = [];
let listen: (event: { data: TrainCommand }) => void = () => undefined;

beforeAll(async () => {
  vi.stubGlobal('postMessage', (event: TrainEvent) => told.push(structuredClone(event)));
  vi.stubGlobal('addEventListener', (_: string, listener: typeof listen) => {
    listen = listener;
  });
  vi.stubGlobal('indexedDB', undefined);
  await import('./train.worker.js');
});
afterAll(() => vi.unstubAllGlobals());

/** Sends a command and waits for the first event of a kind after it. */
async function answer<K extends TrainEvent['kind']>(command: TrainCommand, kind: K) {
  const before = told.length;
  listen({ data: command });
  return next(kind, before);
}

const next = <K extends TrainEvent['kind']>(kind: K, after = told.length) =>
  vi.waitFor(
    () => {
      const found = told.slice(after).find((event) => event.kind === kind);
      expect(found, `${kind} after ${told.slice(after).map((event) => event.kind)}`).toBeDefined();
      return found as Extract<TrainEvent, { kind: K }>;
    },
    { timeout: 60_000, interval: 10 },
  );

const settings = settingsOf('rnn-em', 0.003, 7);
const wrong: TrainCommand = { kind: 'import', bytes: new Uint8Array(20), settings };

it('trains without a storage, and goes on where a file is wrong', async () => {
  expect(await answer({ kind: 'open' }, 'failed')).toMatchObject({ command: 'open' });
  expect(await answer(wrong, 'failed')).toMatchObject({ command: 'import' });
  expect(await answer({ kind: 'start', settings }, 'opened')).toMatchObject({ settings, updates: 0, kept: undefined });
  const { update } = await next('updated');
  expect(await answer(wrong, 'failed')).toMatchObject({ command: 'import' });
  expect((await next('updated')).update).toBeGreaterThan(update);
  // What cannot be kept is trained all the same: the pause is told as one.
  const { updates } = await answer({ kind: 'pause' }, 'paused');
  expect(told.slice(-2)).toMatchObject([{ kind: 'unkept' }, { kind: 'paused', updates }]);
  expect(await answer({ kind: 'start' }, 'opened')).toMatchObject({ settings, updates });
  expect((await next('updated')).update).toBeGreaterThan(updates);
  await answer({ kind: 'pause' }, 'paused');
});

it('keeps a training where there is a storage, and answers a start that finds none', async () => {
  storageThat('complete');
  expect(await answer({ kind: 'start', settings }, 'opened')).toMatchObject({ settings, updates: 0 });
  const { updates } = await answer({ kind: 'pause' }, 'paused');
  expect(told.at(-2)).toEqual({ kind: 'kept', updates });
  listen({ data: { kind: 'forget' } });
  const { settings: found } = await answer({ kind: 'start' }, 'opened');
  expect(found).toBeUndefined();
});
