import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetError } from '@nem/datasets';
import { describe, expect, it } from 'vitest';
import { UsageError } from './errors.js';
import { barsExperiment } from './fit/bars.fixture.js';
import {
  createEngine,
  engineSpec,
  evaluate,
  evaluateRun,
  exportWeights,
  fit,
  overviewSamples,
  RunFolder,
  RunLock,
  train,
  trainingCurvesSvg,
} from './index.js';

// Nothing may be made there.
const path = join(tmpdir(), 'nem-no-such-run');
const { experiment } = barsExperiment();
const given = { experiment, out: path };

describe('an option that there is not', () => {
  it.each<[name: string, call: () => unknown, message: string]>([
    [
      'fit',
      () => fit({ ...given, worker: 1 } as never),
      "fit has no option 'worker' (did you mean workers?): give any of",
    ],
    ['fit, of its callbacks', () => fit({ ...given, callbacks: { onEpochs() {} } as never }), 'did you mean onEpoch?'],
    ['evaluateRun', () => evaluateRun(path, { component: 3 } as object), "evaluateRun has no option 'component' (did"],
    ['train', () => train({ experiment, maxMinute: 1 } as never), "train has no option 'maxMinute' (did you mean maxM"],
    ['train, of its events', () => train({ events: { steps() {} } } as never), "train's events has no option 'steps'"],
    [
      'evaluate',
      () => evaluate({ batchsize: 4 } as never),
      "evaluate has no option 'batchsize' (did you mean batchSize?)",
    ],
    ['overviewSamples', () => overviewSamples({ counts: 4 } as never), "overviewSamples has no option 'counts' (did"],
    [
      'createEngine',
      () => createEngine('cpu', engineSpec(experiment), 0, { worker: 1 } as object),
      "createEngine has no option 'worker' (did you mean workers?): give any of workers, precision.",
    ],
    [
      'exportWeights',
      () => exportWeights(new RunFolder(path), 'a.onnx', { formats: 'onnx' } as object),
      "exportWeights has no option 'formats' (did you mean format?)",
    ],
    [
      'trainingCurvesSvg',
      () => trainingCurvesSvg([], { titel: 'a' } as object),
      "trainingCurvesSvg has no option 'titel'",
    ],
    [
      'RunLock.acquire',
      () => RunLock.acquire(path, { names: 'a' } as object),
      "RunLock.acquire has no option 'names' (did",
    ],
  ])('%s refuses', async (_, call, message) => {
    const error = await (async () => call())().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).not.toBeInstanceOf(DatasetError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toMatch(/^[^\n]{1,300}\.$/);
    expect(new RunFolder(path).holdsRun()).toBe(false);
  });

  it('is told from options that are no object', async () => {
    await expect(fit('bars' as never)).rejects.toThrow("the options of fit are 'bars': give an object with any of exp");
  });
});
