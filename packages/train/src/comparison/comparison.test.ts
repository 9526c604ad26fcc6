import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findExperiment } from '../experiments/index.js';
import { RunFolder } from '../run/run-folder.js';
import { syntheticEpochs } from '../run/synthetic-epochs.fixture.js';
import { isRun, readComparedRun } from './compared-run.js';
import { comparisonDocument, comparisonTable } from './comparison.js';

const root = mkdtempSync(join(tmpdir(), 'nem-compare-'));
afterAll(() => rmSync(root, { recursive: true }));
const paths = ['one', 'two', 'empty'].map((name) => join(root, name));

beforeAll(() => {
  paths.forEach((path, i) => {
    const experiment = { ...findExperiment('static-shapes'), batchSize: [64, 32, 64][i]! };
    const folder = new RunFolder(path);
    folder.create({ experiment, engine: 'wasm', workers: 2, seed: i });
    if (i === 2) return;
    for (const epoch of syntheticEpochs(3 + i)) folder.appendEpoch(epoch);
  });
  writeFileSync(join(root, 'notes.txt'), 'none');
});

it('tells runs from other files', () => {
  expect([...paths, join(root, 'notes.txt'), root].map(isRun)).toEqual([true, true, true, false, false]);
});

it('has a row a run, dashes for what one lacks, and no column that all lack', () => {
  const { head, rows } = comparisonTable(paths.map(readComparedRun));
  expect(head.slice(0, 6)).toEqual(['run', 'experiment', 'epochs', 'best', 'time', 'validation loss']);
  expect(head.some((name) => name.startsWith('test'))).toBe(false);
  expect(rows.map(([, name, epochs]) => [name, epochs])).toEqual([
    ['static-shapes', '3'],
    ['static-shapes', '4'],
    ['static-shapes', '0'],
  ]);
  expect(rows[2]!.slice(5).every((cell) => cell === '–')).toBe(true);
  expect(Number(rows[0]![5])).toBeGreaterThan(0);
});

it('lists the settings that differ, and draws a line for each run that has epochs', () => {
  const { sections } = comparisonDocument(paths.map(readComparedRun));
  const [, settings, curves] = sections;
  expect(settings!.blocks[0]).toMatchObject({
    rows: [
      [{ code: 'batchSize' }, '64', '32', '64'],
      [{ code: 'seed' }, '0', '1', '2'],
    ],
  });
  expect(curves!.blocks.map((block) => block.type === 'chart' && block.file)).toEqual([
    'loss',
    'adjustedMutualInfo-max',
  ]);
  const [loss] = curves!.blocks;
  expect(loss).toMatchObject({ caption: 'loss of the validation inputs after each epoch, 2 runs.' });
  expect(loss?.type === 'chart' && loss.light).toContain(paths[1]);
});

it('says so where all settings are the same', () => {
  const runs = [paths[0]!, paths[0]!].map(readComparedRun);
  expect(comparisonDocument(runs).sections[1]!.blocks[0]).toMatchObject({ text: 'All settings are the same.' });
});
