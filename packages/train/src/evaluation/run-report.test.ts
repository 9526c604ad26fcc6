import { describe, expect, it } from 'vitest';
import { syntheticEpochs } from '../run/synthetic-epochs.fixture.js';
import type { TestScores } from '../scores/record.js';
import { type RunSummary, runReport } from './run-report.js';

const scores: TestScores = {
  name: 'test set',
  inputs: 10_000,
  adjustedMutualInfo: { max: 0.8264, arithmetic: 0.8391 },
  adjustedRand: 0.9012,
  confidence: Number.NaN,
  loss: 123.45678,
};

const run: RunSummary = {
  name: 'static-shapes-0',
  configuration: {
    seed: 0,
    network: { type: 'rnn-em', input: [], noise: { flip: 0.1 } },
    note: 'a|b',
    skip: undefined,
  },
  epochs: syntheticEpochs(3).map((record, i) => ({
    ...record,
    seconds: 2500,
    validation: { ...record.validation, loss: [140, 120, 130][i]! },
  })),
  tests: [scores],
  pictures: [{ title: 'Loss | scores', png: 'curves (1).png', svg: 'curves.svg' }],
};

/** The cells of the table under a heading, head first. */
function cells(report: string, heading: string): string[][] {
  const section = report.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| ---'))
    .map((line) => line.slice(2, -2).split(' | '));
}

describe('runReport', () => {
  it('tabulates test scores with both averages of AMI', () => {
    expect(cells(runReport(run), 'Test scores')).toEqual([
      ['test', 'inputs', 'AMI (max)', 'AMI (arithmetic)', 'ARI', 'confidence', 'loss'],
      ['test set', '10000', '0.826', '0.839', '0.901', '–', '123.46'],
    ]);
  });

  it('has columns of prediction loss and published scores where a test has them', () => {
    const tests = [scores, { ...scores, name: '5 objects', predictionLoss: 88.25, published: 'AMI 0.878 ± 0.003' }];
    const [head, first, second] = cells(runReport({ ...run, tests }), 'Test scores');
    expect(head!.slice(-2)).toEqual(['next-step loss', 'published']);
    expect(first!.slice(-2)).toEqual(['–', '–']);
    expect(second!.slice(-2)).toEqual(['88.25', 'AMI 0.878 ± 0.003']);
  });

  it('tells the best and the last epoch and the time', () => {
    const report = runReport(run);
    const rows = cells(report, 'Training');
    expect(rows.map((row) => row[0])).toEqual(['epoch', '2 (best)', '3 (last)']);
    expect(rows.map((row) => row[3])).toEqual(['validation loss', '120', '130']);
    expect(report).toContain('3 epochs in 2 h 5 min.');
  });

  it('of stages tells the best epoch of the last one', () => {
    const epochs = run.epochs.map((record, i) => ({ ...record, stage: i < 2 ? 1 : 2 }));
    const report = runReport({ ...run, epochs });
    expect(cells(report, 'Training').map((row) => row[0])).toEqual(['epoch', '3 (last, best)']);
    expect(report).toContain('the lowest validation loss of the last stage');
  });

  it('tells an epoch that is both once', () => {
    const rows = cells(runReport({ ...run, epochs: run.epochs.slice(0, 1) }), 'Training');
    expect(rows.map((row) => row[0])).toEqual(['epoch', '1 (last, best)']);
  });

  it.each([
    [0.1234, '0.12 s'],
    [42.4, '42 s'],
    [59.8, '1 min 0 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h 0 min'],
    [Number.NaN, '–'],
  ])('writes %d seconds as %s', (seconds, text) => {
    const epochs = [{ ...run.epochs[0]!, seconds }];
    expect(runReport({ ...run, epochs })).toContain(`1 epoch in ${text}.`);
  });

  it('lists nested settings by dotted names, without the undefined', () => {
    const report = runReport(run);
    const section = report.slice(report.indexOf('## Configuration'));
    expect(section).toContain(
      [
        '| `seed` | `0` |',
        '| `network.type` | `rnn-em` |',
        '| `network.input` | `[]` |',
        '| `network.noise.flip` | `0.1` |',
        '| `note` | `a\\|b` |',
      ].join('\n'),
    );
    expect(section).not.toContain('skip');
  });

  it('says how γ is drawn where an overview is among the pictures', () => {
    expect(runReport(run)).toContain('colours mixed by γ. So early in training it can be nearly flat');
    expect(runReport({ ...run, tests: [] })).not.toContain('mixed by γ');
  });

  it('links its pictures', () => {
    const report = runReport(run);
    expect(report).toContain('![Loss \\| scores](curves%20%281%29.png)');
    expect(report).toContain('[The same as SVG](curves.svg)');
  });

  it('escapes names', () => {
    const report = runReport({ ...run, name: '<b>*run*</b>', description: 'see <i>this</i>\n# not a heading' });
    expect(report).toMatch(/^# &lt;b&gt;\\\*run\\\*&lt;\/b&gt;\n/);
    expect(report).toContain('\nsee &lt;i&gt;this&lt;/i&gt; \\# not a heading\n');
  });

  it('says what is missing of a run that was cut short', () => {
    const report = runReport({ ...run, configuration: {}, epochs: [], tests: [], pictures: [] });
    expect(report).toContain('No epoch was finished.');
    expect(report).toContain('The run was not tested.');
    expect(report).toContain('Every setting has its default.');
    expect(report).not.toContain('Pictures');
  });
});
