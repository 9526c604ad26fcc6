import { describe, expect, it } from 'vitest';
import { type Experiment, findExperiment, withDataFile, withRecipe, withSettings } from '../experiments/index.js';
import { trainCommand } from './train-command.js';

const still = findExperiment('static-shapes');
const flying = findExperiment('flying-shapes-3');
const run = (experiment: Experiment, seed = 0) => ({ experiment, engine: 'wasm', seed });

/** The values of `--set` in a command. */
const settingsIn = (command: string) =>
  [...command.matchAll(/--set (?:'([^']*)'|(\S+))/g)].map(([, inQuotes, plain]) => inQuotes ?? plain ?? '');

describe('the command that trains a run', () => {
  it('has its recipe, precision, first weights and seed', () => {
    expect(trainCommand(run(still, 3))).toBe('nem train static-shapes --seed 3');
    expect(trainCommand({ ...run(withRecipe(still, 'fast'), 1), precision: 'bfloat16' })).toBe(
      'nem train static-shapes --recipe fast --precision bfloat16 --seed 1',
    );
    expect(trainCommand(run(still), 'runs/first')).toBe('nem train static-shapes --out runs/first --seed 0');
    const from = { source: "Anna's runs/first", sha256: 'a'.repeat(64) };
    expect(trainCommand({ ...run(still), from })).toBe(
      "nem train static-shapes --from 'Anna'\\''s runs/first' --seed 0",
    );
  });

  it('names the data that a run has read', () => {
    const read = withDataFile(withSettings(still, ['batchSize=16']), 'shapes.h5');
    expect(trainCommand(run(read))).toBe('nem train static-shapes --data shapes.h5 --set batchSize=16 --seed 0');
  });

  it.each([
    [['components=5']],
    [['batchSize=16', 'dataset.training=4294967295', 'gammaGradient=mask']],
    [['learningRate={"peak":0.002,"decay":{"until":6000,"to":0.0002}}', 'clipNorm=1000']],
  ])('has the settings %s, and with them it trains the same experiment', (settings) => {
    const changed = withSettings(flying, settings);
    const command = trainCommand(run(changed));
    expect(command).toMatch(/^nem train flying-shapes-3 --set .* --seed 0$/);
    expect(withSettings(flying, settingsIn(command))).toEqual(changed);
  });
});
