import { expect, it } from 'vitest';
import { adamUpdate } from './adam.js';
import { type LearningRate, learningRateAt } from './learning-rate.js';

const rates = (rate: LearningRate, updates: readonly number[]) =>
  updates.map((update) => Number(learningRateAt(rate, update).toFixed(6)));

it('is the same for all updates where it is a number', () => {
  expect(rates(0.001, [1, 2, 1_000_000])).toEqual([0.001, 0.001, 0.001]);
});

it('rises along a line, stays at the peak without a decay', () => {
  expect(rates({ peak: 0.004, warmUp: 4 }, [1, 2, 3, 4, 5, 100])).toEqual([0.001, 0.002, 0.003, 0.004, 0.004, 0.004]);
  expect(rates({ peak: 0.004 }, [1, 9])).toEqual([0.004, 0.004]);
});

it('falls along half a cosine and stays at its end', () => {
  const rate = { peak: 0.005, warmUp: 10, decay: { until: 50, to: 0.001 } };
  expect(rates(rate, [10, 20, 30, 40, 50, 51, 1000])).toEqual([0.005, 0.004414, 0.003, 0.001586, 0.001, 0.001, 0.001]);
  const values = rates(
    rate,
    Array.from({ length: 60 }, (_, i) => i + 1),
  );
  expect(Math.max(...values)).toBe(0.005);
});

it("gives Adam each update's rate", () => {
  const schedule = { peak: 0.01, warmUp: 2, decay: { until: 4, to: 0 } };
  const scheduled = [Float32Array.of(1), new Float32Array(1), new Float32Array(1)] as const;
  const plain = [Float32Array.of(1), new Float32Array(1), new Float32Array(1)] as const;
  for (let update = 1; update <= 5; update++) {
    const gradient = Float32Array.of(update);
    adamUpdate(scheduled[0], gradient, scheduled[1], scheduled[2], update, { learningRate: schedule });
    const learningRate = learningRateAt(schedule, update);
    adamUpdate(plain[0], gradient, plain[1], plain[2], update, { learningRate });
    expect(scheduled).toEqual(plain);
  }
  expect(learningRateAt(schedule, 5)).toBe(0);
});
