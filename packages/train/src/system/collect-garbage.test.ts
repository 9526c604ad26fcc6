import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { allowCollection, collectGarbage } from './collect-garbage.js';

it('frees what nothing refers to, and nothing else', async () => {
  allowCollection();
  const kept = { values: new Float32Array(1024) };
  const references = [new WeakRef(kept), new WeakRef({ values: new Float32Array(1024) })];
  // What a WeakRef refers to lives until the turn ends.
  await nextTurn();
  collectGarbage();
  expect(references.map((reference) => reference.deref())).toEqual([kept, undefined]);
});

it('is there for threads that are started later', async () => {
  allowCollection();
  const source = "require('node:worker_threads').parentPort.postMessage(typeof gc)";
  const type = await new Promise((resolve, reject) =>
    new Worker(source, { eval: true }).once('message', resolve).once('error', reject),
  );
  expect(type).toBe('function');
});
