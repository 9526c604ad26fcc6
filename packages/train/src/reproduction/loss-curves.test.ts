import { expect, it } from 'vitest';
import type { EpochRecord } from '../run/epoch-record.js';
import { lossCurves } from './loss-curves.js';

const epochs = (...losses: number[]) => losses.map((loss) => ({ validation: { loss } }) as EpochRecord);
const updates = (...losses: number[]) => losses.map((loss, i) => ({ update: (i + 1) * 10, loss }));

it('are of the validation by epoch, with the range of the runs that have come so far', () => {
  const runs = [
    { epochs: epochs(5, 3, 2), losses: updates(9) },
    { epochs: epochs(7, 5), losses: updates(8) },
  ];
  const curves = lossCurves('Shapes', [{ name: 'RNN-EM', runs }]);
  expect(curves?.caption).toBe('Validation loss by epoch; at the last epoch, RNN-EM: 2.0.');
  expect(curves?.series).toEqual([
    {
      name: 'RNN-EM',
      points: [
        { x: 1, y: 6, low: 5, high: 7 },
        { x: 2, y: 4, low: 3, high: 5 },
        { x: 3, y: 2 },
      ],
    },
  ]);
});

it('are of the training by update while no run has two epochs', () => {
  const curves = lossCurves('Shapes', [
    { name: 'RNN-EM', runs: [{ epochs: epochs(5), losses: updates(9, 7) }] },
    { name: 'N-EM', runs: [{ epochs: [], losses: updates(8) }] },
  ]);
  expect(curves?.caption).toBe('Training loss by update; at the last update, RNN-EM: 7.0; N-EM: 8.0.');
  expect(curves?.xName).toBe('update');
  expect(curves?.series[0]?.points).toEqual([
    { x: 10, y: 9 },
    { x: 20, y: 7 },
  ]);
});

it('are of the validation where a run is too short for a line by update', () => {
  const curves = lossCurves('Shapes', [{ name: 'RNN-EM', runs: [{ epochs: epochs(5), losses: updates() }] }]);
  expect(curves?.xName).toBe('epoch');
  expect(curves?.series[0]?.points).toEqual([{ x: 1, y: 5 }]);
});

it('are left out where no run has a loss', () => {
  expect(lossCurves('Shapes', [{ name: 'RNN-EM', runs: [{ epochs: [], losses: [] }] }])).toBeUndefined();
});
