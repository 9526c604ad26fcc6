import { deriveKey } from '@nem/random';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { createBackendEngine } from './backend-engine.js';
import { cpuBackend } from './cpu.js';
import { tinySpec } from './tiny-spec.fixture.js';

const spec = tinySpec();

/** What TensorFlow.js's engine notes, as far as it grows with the kernels that run. */
const notes = () => (tf.engine() as unknown as { state: { numDataMovesStack: number[] } }).state.numDataMovesStack;

it('keeps nothing of a step, and says nothing of its own', async () => {
  const said = vi.spyOn(console, 'warn');
  const engine = await createBackendEngine(cpuBackend, spec, deriveKey(1, 'parameters'));
  const batch = { frames: new Float32Array(12).fill(0.5), batch: 2 };
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) await engine.trainStep(batch, { noise: deriveKey(i, 'n'), gamma: deriveKey(i, 'g') });
  expect(tf.memory().numTensors).toBe(before);
  expect(notes()).toHaveLength(0);
  expect(said).not.toHaveBeenCalled();
  engine.dispose();
});
