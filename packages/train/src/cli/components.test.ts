import { loadModel } from '@nem/models';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { findExperiment, parseExperiment } from '../experiments/index.js';
import { evaluate } from './commands/evaluate.js';
import { group } from './commands/group.js';

const parsed = (command: Command, text: string): unknown =>
  command.options.find(({ long }) => long === '--components')?.parseArg?.(text, undefined);

it('--components of nem evaluate has the range of an experiment', () => {
  const components = (value: unknown) => () =>
    parseExperiment({ ...findExperiment('static-shapes'), components: value });
  expect(components(parsed(evaluate(), '255'))).not.toThrow();
  expect(components(256)).toThrow('components is 256: give a number of at most 255.');
  for (const text of ['0', '256']) expect(() => parsed(evaluate(), text)).toThrow('give an integer from 1 to 255.');
});

it('--components of nem group has the range of a model', async () => {
  const model = await loadModel('static-shapes', { engine: 'plain' });
  const image = new Float32Array(model.height * model.width);
  await expect(model.group(image, { components: 257 })).rejects.toThrow('from 1 to 256');
  model.dispose();
  expect(parsed(group(), '256')).toBe(256);
  for (const text of ['0', '257']) expect(() => parsed(group(), text)).toThrow('give an integer from 1 to 256.');
});
