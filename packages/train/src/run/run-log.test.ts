import { expect, it } from 'vitest';
import { bestEpoch } from './epoch-record.js';
import { parseEpochs, parseLosses } from './run-log.js';

const scores = { adjustedMutualInfo: 0.5, adjustedRand: Number.NaN, confidence: 1, loss: Number.NaN };
const epoch = { epoch: 1, update: 2, training: { loss: 3, predictionLoss: Number.NaN }, validation: scores };

it('a score that could not be computed is NaN again, and the same bytes when it is written', () => {
  const line = JSON.stringify(epoch);
  expect(line).toContain('"loss":null');
  const read = parseEpochs(`${line}\n`);
  expect(read).toEqual([epoch]);
  expect(JSON.stringify(read[0])).toBe(line);
  expect(bestEpoch(read)).toBeUndefined();
  expect(parseLosses('{"update":10,"loss":null}\n')).toEqual([{ update: 10, loss: Number.NaN }]);
});

it('counters that are no numbers are damage', () => {
  expect(() => parseEpochs(JSON.stringify({ ...epoch, update: null }))).toThrow('line 1 is not an epoch');
  expect(parseLosses('{"update":null,"loss":1}\n')).toEqual([]);
});
