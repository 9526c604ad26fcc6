import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunError } from '../errors.js';
import { readEvaluations, weightsDigest } from './record.js';

const run = mkdtempSync(join(tmpdir(), 'nem-record-'));
afterAll(() => rmSync(run, { recursive: true }));
const write = (file: string, record: object) => writeFileSync(join(run, 'report', file), JSON.stringify(record));

beforeAll(() => {
  for (const folder of ['checkpoints', 'report']) mkdirSync(join(run, folder));
  writeFileSync(join(run, 'checkpoints/best.safetensors'), 'weights');
});

describe('readEvaluations', () => {
  it("gives those of the present weights, the test set's first; null is NaN", () => {
    const weights = weightsDigest(run);
    write('test-steps-3.json', { slug: 'test-steps-3', frames: [], loss: null, weights });
    write('test.json', { slug: 'test', frames: [], loss: 1, weights });
    write('training.json', { slug: 'training', frames: [], loss: 1, weights: 'of others' });
    expect(readEvaluations(run).map(({ slug, loss }) => [slug, loss])).toEqual([
      ['test', 1],
      ['test-steps-3', Number.NaN],
    ]);
  });

  it.each(['../../etc/cron.d/x', 'test', '', 3])(
    'refuses a file that says it is %j: pictures have its name',
    (slug) => {
      write('test-steps-3.json', { slug, frames: [], weights: weightsDigest(run) });
      expect(() => readEvaluations(run)).toThrow(RunError);
      expect(() => readEvaluations(run)).toThrow(
        'test-steps-3.json is no evaluation (its slug does not match the name of the file)',
      );
    },
  );
});
