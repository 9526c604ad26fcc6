import { describe, expect, it } from 'vitest';
import { findExperiment } from '../experiments/index.js';
import { runOf, withoutFolders } from './without-folders.js';

const experiment = findExperiment('static-shapes');
const named = (source: string) => withoutFolders({ experiment, from: { source } }).from?.source;

describe('withoutFolders', () => {
  it.each([
    ['first', 'first'],
    ['/home/anna/runs/first', 'first'],
    ['C:\\runs\\first.safetensors', 'first.safetensors'],
    ['/home/anna/runs/first/stages/2', 'first/stages/2'],
    ['/home/anna/runs/first/checkpoints/last.safetensors', 'first/checkpoints/last.safetensors'],
    ['runs/first/stages/2/checkpoints/last.safetensors', 'first/stages/2/checkpoints/last.safetensors'],
    ['C:\\runs\\first\\checkpoints\\best.safetensors', 'first\\checkpoints\\best.safetensors'],
    ['/home/anna/checkpoints', 'checkpoints'],
  ])('of %s leaves %s', (source, name) => {
    expect(named(source)).toBe(name);
  });
});

it.each([
  ['first', 'first'],
  ['first/checkpoints/last.safetensors', 'first'],
  ['first/stages/2/checkpoints/last.safetensors', 'first/stages/2'],
  ['first\\checkpoints\\best.safetensors', 'first'],
  ['first.safetensors', 'first.safetensors'],
])('%s has weights of the run %s', (source, run) => {
  expect(runOf(source)).toBe(run);
});
