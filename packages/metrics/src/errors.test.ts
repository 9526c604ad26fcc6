import { expect, it } from 'vitest';
import { MetricInputError } from './errors.js';

it('a MetricInputError is told by its code, and a subclass without one by its class', () => {
  class Own extends MetricInputError {}
  const error = new MetricInputError('beta', 'message');
  expect(error).toMatchObject({ name: 'MetricInputError', code: 'NEM_METRIC_INPUT', input: 'beta' });
  expect(error).toBeInstanceOf(MetricInputError);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(Own);
  expect(new Own('beta', 'message')).toBeInstanceOf(Own);
  expect(new Own('beta', 'message')).toBeInstanceOf(MetricInputError);
  for (const other of [null, undefined, 5, 'NEM_METRIC_INPUT', {}, new Error('message')]) {
    expect((other as unknown) instanceof MetricInputError).toBe(false);
  }
});
