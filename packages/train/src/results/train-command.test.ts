import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeDataset } from '../experiments/custom-dataset.js';
import { type Experiment, findExperiment, withDataFile, withRecipe, withSettings } from '../experiments/index.js';
import { barsExperiment } from '../fit/bars.fixture.js';
import { chainOf } from '../run/origin.js';
import { RunFolder } from '../run/run-folder.js';
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

  it('tells a folder that it makes or starts from from the model of the same name', () => {
    const origin = { source: 'flying-shapes-3', sha256: 'a'.repeat(64) };
    const trained = { ...origin, trained: { experiment: flying, seed: 2, updates: 500 } };
    expect(trainCommand(trained.trained, trained.source)).toBe(
      'nem train flying-shapes-3 --out ./flying-shapes-3 --seed 2',
    );
    expect(trainCommand({ ...run(flying), from: trained })).toBe(
      'nem train flying-shapes-3 --from ./flying-shapes-3 --seed 0',
    );
    expect(trainCommand({ ...run(flying), from: origin })).toBe(
      'nem train flying-shapes-3 --from flying-shapes-3 --seed 0',
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
    [['dataset.motion={"type":"subPixel","speed":[0.5,2]}', 'network.recurrent.size=50', 'gammaGradient="loss"']],
    [['network.output.0={"type":"dense","size":256,"activation":"elu"}', 'stages=[{"epochs":3}]']],
    [['network={"type":"n-em","size":250}']],
  ])('has the settings %s, and with them it trains the same experiment', (settings) => {
    const changed = withSettings(flying, settings);
    const command = trainCommand(run(changed));
    expect(command).toMatch(/^nem train flying-shapes-3 --set .* --seed 0$/);
    expect(withSettings(flying, settingsIn(command))).toEqual(changed);
  });

  it.each([
    [['stages.0.clipNorm=5', 'stages.1.learningRate=0.001']],
    [['dataset.digits="5"', 'stages=[{"epochs":9}]']],
    [['network.input=[{"type":"inputNorm"}]', 'dataset.motion={"type":"subPixel","speed":[1,2]}']],
  ])('has the settings %s of a training in stages', (settings) => {
    const staged = findExperiment('flying-mnist-stages');
    const changed = withSettings(staged, settings);
    expect(withSettings(staged, settingsIn(trainCommand(run(changed))))).toEqual(changed);
  });

  it('changes single fields where it can, and else the smallest part that has the same fields', () => {
    const settings = ['dataset.motion={"type":"subPixel","speed":[0.5,2]}', 'network.recurrent.size=50'];
    expect(settingsIn(trainCommand(run(withSettings(flying, settings))))).toEqual(settings);
  });

  it('trains every run of the results of this repository again, and the runs whose weights those start from', () => {
    const records = fileURLToPath(new URL('../../../../results/records', import.meta.url));
    // Older data have none, and nothing is trained on it.
    const withoutThreshold = ({ dataset, description: _, ...rest }: Experiment) => ({
      ...rest,
      dataset: { ...dataset, groupThreshold: 0 },
    });
    for (const name of readdirSync(records)) {
      const config = new RunFolder(join(records, name)).readConfig();
      for (const made of [config, ...chainOf(config.from).map(({ training }) => training)]) {
        const { name: listed, recipe } = made.experiment;
        const paper = findExperiment(listed);
        const base = recipe === undefined ? paper : withRecipe(paper, recipe);
        const again = withSettings(base, settingsIn(trainCommand(made)));
        expect(withoutThreshold(again)).toEqual(withoutThreshold(made.experiment));
      }
    }
  });

  it('names the module of an experiment that is not in the list', () => {
    const { experiment, dataset } = barsExperiment();
    const own = { ...experiment, dataset: { ...describeDataset(dataset!), module: 'bars.mjs' } };
    expect(trainCommand(run(own, 2))).toBe('nem train bars.mjs --seed 2');
    expect(trainCommand(run({ ...own, name: 'static-shapes' }))).toMatch(
      /^nem train static-shapes --data bars\.mjs --set /,
    );
  });
});
