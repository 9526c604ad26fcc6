import { readFileSync } from 'node:fs';
import { createEmStep, decodeSafetensors } from '@nem/core';
import { expect, it } from 'vitest';
import { MODELS, type ModelName } from './models.js';
import { sampleScene } from './scene.js';
import { trace } from './trace.js';

const network = (name: ModelName) => {
  const bytes = readFileSync(new URL(`../../../../packages/models/weights/${name}.safetensors`, import.meta.url));
  return createEmStep(MODELS[name].spec, decodeSafetensors(bytes).arrays);
};

const last = (name: ModelName, moving: boolean, sample: number) => {
  const { objects, components, steps, noise } = MODELS[name];
  const scene = { ...sampleScene(moving, objects, sample, steps), components, steps, noise, seed: sample };
  return [...trace(network(name), scene, 784)].at(-1);
};

const meanAmi = (name: ModelName, moving: boolean) => {
  const scores = Array.from({ length: 8 }, (_, sample) => last(name, moving, sample)?.ami ?? Number.NaN);
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
};

it('groups test images that the network has not seen, still and moving', () => {
  expect(meanAmi('static-shapes', false)).toBeGreaterThan(0.6);
  expect(meanAmi('static-shapes', true)).toBeGreaterThan(0.5);
  expect(meanAmi('static-shapes-nem', false)).toBeGreaterThan(0.3);
});

it('gives the same steps for the same seed, and others for another', () => {
  const [first, second, third] = [3, 3, 4].map((sample) => last('static-shapes-nem', false, sample));
  expect(first?.gamma).toEqual(second?.gamma);
  expect(first?.gamma).not.toEqual(third?.gamma);
});
