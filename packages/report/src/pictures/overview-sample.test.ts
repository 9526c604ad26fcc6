import { describe, expect, it } from 'vitest';
import { ReportError } from '../report-error.js';
import { syntheticSample } from '../synthetic-run.fixture.js';
import { checkSample, row } from './overview-sample.js';

const sample = syntheticSample(1, { side: 6, steps: 3, components: 2, objects: 1 });

describe('checkSample', () => {
  it('accepts a sample, without targets too', () => {
    expect(() => checkSample(sample, 0)).not.toThrow();
    expect(() => checkSample({ ...sample, targets: undefined }, 0)).not.toThrow();
  });

  it.each([
    ['height', 0],
    ['width', 2.5],
    ['steps', Number.NaN],
    ['components', -1],
  ])('refuses a %s of %d', (field, value) => {
    const check = () => checkSample({ ...sample, [field]: value }, 4);
    expect(check).toThrow(ReportError);
    expect(check).toThrow(`${field} of sample 4 is ${value}: give an integer`);
  });

  it.each(['inputs', 'targets', 'groups', 'gamma', 'predictions'] as const)('refuses %s of another length', (field) => {
    const values = sample[field]!;
    const check = () => checkSample({ ...sample, [field]: values.subarray(1) }, 2);
    expect(check).toThrow(`${field} of sample 2 has ${values.length - 1} values: give ${values.length}`);
  });
});

it.each(['height', 'steps', 'inputs', 'groups', 'gamma', 'predictions'] as const)('names a missing %s', (field) => {
  const { [field]: _, ...rest } = sample;
  expect(() => checkSample(rest as never, 3)).toThrow(ReportError);
  expect(() => checkSample(rest as never, 3)).toThrow(new RegExp(`^${field} of sample 3 is missing: give a \\w+\\.$`));
});

describe('row', () => {
  it('is the part of the array that holds it', () => {
    expect(row(Float32Array.of(1, 2, 3, 4, 5, 6), 1, 2)).toEqual(Float32Array.of(3, 4));
  });
});
