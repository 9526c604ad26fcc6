import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentMarkdown } from '@nem/report';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { weightsDigest } from '../evaluation/record.js';
import { type Experiment, findExperiment, withDataFile, withRecipe, withSettings } from '../experiments/index.js';
import type { RunConfig } from '../run/run-config.js';
import { RunFolder } from '../run/run-folder.js';
import { syntheticEpochs } from '../run/synthetic-epochs.fixture.js';
import { recordRun } from './record-run.js';
import { readRecordedRuns } from './recorded-runs.js';
import { resultsDocument } from './results-document.js';
import { writeResults } from './write-results.js';

const root = mkdtempSync(join(tmpdir(), 'nem-results-'));
afterAll(() => rmSync(root, { recursive: true }));
const results = join(root, 'results');
beforeEach(() => rmSync(results, { recursive: true, force: true }));

const still = findExperiment('static-shapes');
const text = () => documentMarkdown(resultsDocument(readRecordedRuns(results)));
const rowOf = (document: string, start: string) => document.split('\n').find((line) => line.startsWith(start));

interface Made {
  readonly experiment?: Experiment;
  readonly seed?: number;
  readonly precision?: RunConfig['precision'];
  readonly from?: RunConfig['from'];
  readonly epochs?: number;
  /** AMI (max) of the test set. Default: not evaluated */
  readonly ami?: number;
}

/** A run as training and evaluating would leave it. */
function makeRun(name: string, { experiment = still, seed = 0, epochs = 3, ami, ...how }: Made = {}): RunFolder {
  const run = new RunFolder(join(root, name));
  const config = { experiment, engine: 'wasm', workers: 2, seed, ...how };
  run.create(config);
  for (const record of syntheticEpochs(epochs)) {
    run.appendEpoch(record);
    run.appendTime(record.epoch, record.update, record.seconds);
  }
  run.noteMachine({ engine: 'wasm (2 worker threads)', machine: '2 cores, a processor' });
  run.noteMachine({ engine: 'wasm (2 worker threads)', machine: '2 cores, a processor' });
  run.noteMachine({ engine: 'cuda (a card)', machine: '16 cores, another' });
  run.writeBest({ w: { shape: [1], values: Float32Array.of(seed) } }, config);
  if (ami === undefined) return run;
  const scores = {
    adjustedMutualInfo: { max: ami, arithmetic: ami + 0.01 },
    adjustedRand: 0.7,
    confidence: 0.9,
    loss: 99,
  };
  const record = { name: 'test set', slug: 'test', split: 'test', seed, engine: 'wasm', inputs: 10_000, frames: [] };
  run.write('report/test.json', JSON.stringify({ ...record, ...scores, weights: weightsDigest(run.path) }));
  return run;
}

describe('the results', () => {
  it('say that there are none before there are any', async () => {
    expect(text()).toContain('No run has been recorded yet');
    expect(text()).not.toContain('| 0.');
    expect(readFileSync(await writeResults(results), 'utf8')).toBe(text());
  });

  it('are the means of finished runs beside the paper, with how each was trained', async () => {
    const short = withSettings(still, ['epochs=3']);
    for (const [seed, ami] of [0.82, 0.84].entries()) {
      recordRun(makeRun(`run-${seed}`, { experiment: short, seed, ami }), results);
    }
    recordRun(makeRun('paper', { seed: 5, ami: 0.5 }), results);
    const document = text();
    expect(rowOf(document, '| RNN-EM | test set | the paper’s, but epochs')).toBe(
      '| RNN-EM | test set | the paper’s, but epochs = 3 | finished | 0.830 ± 0.014 | 0.826 ± 0.005 | 0.840 ± 0.014 | 2 | 10000 |',
    );
    expect(rowOf(document, '| RNN-EM | test set | the paper’s |')).toBe(
      '| RNN-EM | test set | the paper’s | so far | 0.500 | 0.826 ± 0.005 | 0.510 | 1 | 10000 |',
    );
    expect(rowOf(document, '| N-EM')).toBe('| N-EM | test set | not run | – | – | 0.475 ± 0.043 | – | 0 | – |');
    expect(rowOf(document, '| static-shapes-seed-5')).toMatch(
      /^\| static-shapes-seed-5 \| 5 \| the paper’s \| not finished \| 3 \| 3 \| 2346 \| 1 min 30 s \| 0\.\d{3} \| 0\.500 \| 0\.700 \| wasm \(2 worker threads\), then cuda \(a card\) \| 2 cores, a processor, then 16 cores, another \|$/,
    );
    expect(document).toContain('3 runs, of which 2 finished.');
    expect(document).toContain('Flying shapes (table 1), Next-step prediction, Flying MNIST.');
    mkdirSync(join(results, 'figures'));
    writeFileSync(join(results, 'figures/old.svg'), '');
    const file = await writeResults(results);
    expect(readFileSync(file, 'utf8')).toBe(document);
    expect(existsSync(join(results, 'figures/old.svg'))).toBe(false);
    for (const [, figure] of document.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
      expect(existsSync(join(results, figure!))).toBe(true);
    }
    expect([...document.matchAll(/\]\(figures\//g)]).toHaveLength(2);
  });

  it('keep of a run no weights, and take a newer record of the same settings and seed in its place', () => {
    expect(recordRun(makeRun('once', { ami: 0.4 }), results)).toBe('static-shapes-seed-0');
    expect(recordRun(makeRun('twice', { epochs: 5 }), results)).toBe('static-shapes-seed-0');
    const runs = readRecordedRuns(results);
    expect(runs.map(({ epochs, evaluations }) => [epochs.length, evaluations.length])).toEqual([[5, 0]]);
    expect(existsSync(join(results, 'records/static-shapes-seed-0/checkpoints'))).toBe(false);
  });

  it('tell recipes and another K by the name of the record', () => {
    const flying = findExperiment('flying-shapes-3');
    const names = [
      { experiment: withRecipe(flying, 'fast') },
      { experiment: withSettings(flying, ['components=5']), seed: 2 },
      { experiment: withSettings(flying, ['batchSize=7', 'learningRate={"peak":0.002}']) },
    ].map((made, i) => recordRun(makeRun(`flying-${i}`, made), results));
    expect(names.slice(0, 2)).toEqual(['flying-shapes-3-fast-seed-0', 'flying-shapes-3-k5-seed-2']);
    expect(names[2]).toMatch(/^flying-shapes-3-changed-[0-9a-f]{8}-seed-0$/);
    const document = text();
    expect(rowOf(document, '| RNN-EM, 3 shapes, K = 3 | test set | recipe fast')).toBeDefined();
    expect(
      rowOf(
        document,
        '| RNN-EM, 3 shapes, K = 3 | test set | the paper’s, but learningRate.peak = 0.002, batchSize = 7 |',
      ),
    ).toBeDefined();
    expect(rowOf(document, '| RNN-EM, 3 shapes, K = 5 | test set | the paper’s')).toBeDefined();
  });

  it('have no AMI of a network with one component, neither in a table nor in a figure', () => {
    const experiment = findExperiment('flying-shapes-3-autoencoder');
    const name = recordRun(makeRun('alone', { experiment, ami: Number.NaN }), results);
    recordRun(makeRun('together', { experiment: findExperiment('flying-shapes-3'), ami: 0.8 }), results);
    const document = text();
    expect(rowOf(document, `| ${name}`)?.split(' | ').slice(8, 10)).toEqual(['–', '–']);
    expect(document).toContain('_AMI of the validation inputs by update; at the last epoch, flying-shapes-3-seed-0: ');
    expect(document).not.toContain('NaN');
  });

  it('have a number for long settings, which a table of its own explains', () => {
    const long = ['batchSize=7', 'epochs=9', 'steps=4', 'dataset.frames=5', 'learningRate=0.002'];
    const flying = withSettings(findExperiment('flying-shapes-3'), long);
    recordRun(makeRun('long', { experiment: flying, ami: 0.8 }), results);
    const document = text();
    const score = rowOf(document, '| RNN-EM, 3 shapes, K = 3 | test set | changed settings 1 |');
    expect(score?.split(' | ')[4]).toBe('0.800');
    const explained = rowOf(document, '| changed settings 1 | the paper’s, but ');
    for (const change of long) expect(explained).toContain(change.replace('=', ' = '));
  });

  it('tell another precision and other first weights apart', () => {
    const from = { source: '/home/anna/runs/first', sha256: 'a'.repeat(64) };
    const made: Made[] = [{ ami: 0.8 }, { precision: 'bfloat16', ami: 0.7 }, { from, ami: 0.6 }];
    const names = made.map((how, i) => recordRun(makeRun(`way-${i}`, how), results));
    expect(names.slice(0, 2)).toEqual(['static-shapes-seed-0', 'static-shapes-bfloat16-seed-0']);
    expect(names[2]).toMatch(/^static-shapes-changed-[0-9a-f]{8}-seed-0$/);
    const document = text();
    const score = (settings: string) => rowOf(document, `| RNN-EM | test set | ${settings} | so far`)?.split(' | ')[4];
    expect(score('the paper’s')).toBe('0.800');
    expect(score('the paper’s, products in bfloat16')).toBe('0.700');
    expect(score('the paper’s, from the weights of first')).toBe('0.600');
  });

  it('have the commands of the trainings before, where a run has started from weights', () => {
    const sha256 = 'a'.repeat(64);
    const first = { source: 'first', sha256, trained: { experiment: still, seed: 8, updates: 1 } };
    const trained = { experiment: withSettings(still, ['batchSize=32']), seed: 9, from: first, updates: 1562 };
    const name = recordRun(makeRun('chain', { from: { source: 'second', sha256, trained }, ami: 0.6 }), results);
    const document = text();
    const makers = [
      `| \`nem train static-shapes --out first --seed 8\` | first, whose weights after 1 update lead to ${name} |`,
      `| \`nem train static-shapes --from first --out second --set batchSize=32 --seed 9\` | second, whose weights after 1562 updates lead to ${name} |`,
      `| \`nem train static-shapes --from second --seed 0\` | ${name} |`,
    ];
    expect(document).toContain(makers.join('\n'));
  });

  it('have the command of the run whose checkpoint a run has started from', () => {
    const trained = { experiment: still, seed: 5, updates: 3 };
    const source = '/home/anna/runs/whole/checkpoints/last.safetensors';
    const name = recordRun(
      makeRun('checkpointed', { from: { source, sha256: 'b'.repeat(64), trained }, ami: 0.6 }),
      results,
    );
    const last = 'whole/checkpoints/last.safetensors';
    const makers = [
      `| \`nem train static-shapes --out whole --seed 5\` | ${last}, whose weights after 3 updates lead to ${name} |`,
      `| \`nem train static-shapes --from ${last} --seed 0\` | ${name} |`,
    ];
    for (const maker of makers) expect(text()).toContain(maker);
  });

  it('name no folder of the machine that trained', () => {
    const from = { source: '/home/anna/runs/first', sha256: 'a'.repeat(64) };
    const experiment = withDataFile(still, '/home/anna/data/shapes.h5');
    const name = recordRun(makeRun('folders', { experiment, from, ami: 0.6 }), results);
    const config = readFileSync(join(results, 'records', name, 'config.json'), 'utf8');
    expect([config.includes('shapes.h5'), `${config}${text()}`.includes('anna')]).toEqual([true, false]);
  });

  it('know a run that early stopping has ended', () => {
    const patient = withSettings(still, ['patience=1']);
    const run = makeRun('early', { experiment: patient, epochs: 2 });
    const [first, second] = syntheticEpochs(2);
    const worse = { ...second!, validation: { ...second!.validation, loss: first!.validation.loss + 1 } };
    run.writeMetrics([first, worse].map((record) => `${JSON.stringify(record)}\n`).join(''));
    recordRun(run, results);
    expect(readRecordedRuns(results)[0]!.reached).toBe('early stopping');
  });

  it('keep the earlier record until the new one is whole, and take no record for a run', () => {
    const name = recordRun(makeRun('kept', { ami: 0.4 }), results);
    const record = join(results, 'records', name);
    expect(() => recordRun(new RunFolder(record), results)).toThrow(
      new UsageError(`${record} is a record already`, "name the run's own folder."),
    );
    const damaged = makeRun('unreadable', { epochs: 5 });
    mkdirSync(join(damaged.path, 'report/overview.png'), { recursive: true });
    expect(() => recordRun(damaged, results)).toThrow(/^cannot read .*overview\.png/);
    expect(readRecordedRuns(results).map(({ epochs }) => epochs.length)).toEqual([3]);
    expect(readdirSync(join(results, 'records'))).toEqual([name]);
  });

  it('pass over what a system keeps beside records, and have a folder for any name of an experiment', () => {
    const own = { ...still, name: '../größe/a b' };
    const name = recordRun(makeRun('own', { experiment: own }), results);
    expect(name).toMatch(/^-\.-gr--e-a-b-k4-changed-[0-9a-f]{8}-seed-0$/);
    writeFileSync(join(results, 'records/.DS_Store'), '');
    mkdirSync(join(results, 'records/.half.part'));
    expect(readRecordedRuns(results).map((run) => [run.name, run.settings])).toEqual([
      [name, 'of the unknown experiment ../größe/a b'],
    ]);
  });

  it('keep the records of runs of the same name apart', () => {
    const own = { ...still, name: 'own' };
    const names = [own, withSettings(own, ['batchSize=8'])].map((experiment, i) =>
      recordRun(makeRun(`own-${i}`, { experiment }), results),
    );
    expect(new Set(names).size).toBe(2);
    const from = (sha256: string) => ({ source: 'base', sha256: sha256.repeat(64) });
    const name = recordRun(makeRun('from-a', { from: from('a') }), results);
    const other = makeRun('from-b', { from: from('b') });
    expect(() => recordRun(other, results)).toThrow(`${join(results, 'records', name)} is the record of another run`);
    // The same run, trained further on another engine.
    const run = makeRun('from-a', { from: from('a'), epochs: 5 });
    run.changeConfig({ ...run.readConfig(), engine: 'cpu', workers: undefined });
    expect(recordRun(run, results)).toBe(name);
    // A record that does not know its digits may be that of any; one that does is kept.
    const withDigits = (digits: string) => run.changeConfig({ ...run.readConfig(), digits });
    withDigits('a');
    expect(recordRun(run, results)).toBe(name);
    withDigits('b');
    expect(() => recordRun(run, results)).toThrow('is the record of another run');
  });

  it('refuse a run that has no epoch, and a damaged record', () => {
    const empty = new RunFolder(join(root, 'empty'));
    empty.create({ experiment: still, engine: 'cpu', seed: 0 });
    expect(() => recordRun(empty, results)).toThrow('has no epoch to record yet: go on with ');
    const staged = new RunFolder(join(root, 'staged'));
    staged.create({ experiment: findExperiment('flying-mnist-stages'), engine: 'cpu', seed: 0 });
    expect(() => recordRun(staged, results)).toThrow(
      /^the stages of the run in .*staged have not all ended: go on with /,
    );
    recordRun(makeRun('damaged'), results);
    writeFileSync(join(results, 'records/static-shapes-seed-0/metrics.jsonl'), 'x\n');
    expect(() => text()).toThrow('has a damaged line');
  });
});

it('the results of this repository are what their records say', () => {
  const repository = fileURLToPath(new URL('../../../../results', import.meta.url));
  const document = resultsDocument(readRecordedRuns(repository));
  expect(readFileSync(join(repository, 'README.md'), 'utf8')).toBe(documentMarkdown(document));
  for (const block of document.sections.flatMap(({ blocks }) => blocks)) {
    if (block.type === 'chart') expect(existsSync(join(repository, `${block.file}.png`))).toBe(true);
  }
});
