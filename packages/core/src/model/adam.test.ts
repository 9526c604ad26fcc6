import fc from 'fast-check';
import { expect, it } from 'vitest';
import { adamUpdate } from './adam.js';

const numbers = (length: number) =>
  fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: length, maxLength: length });

/** Adam as Kingma and Ba write it (algorithm 1), in double precision. */
function reference(start: number, gradients: number[], rate: number): number {
  let [theta, m, v] = [start, 0, 0];
  gradients.forEach((gradient, i) => {
    m = 0.9 * m + 0.1 * gradient;
    v = 0.999 * v + 0.001 * gradient * gradient;
    theta -= (rate * (m / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8);
  });
  return theta;
}

it("is Kingma and Ba's algorithm 1", () => {
  fc.assert(
    fc.property(numbers(3), fc.array(numbers(3), { minLength: 1, maxLength: 8 }), (start, gradients) => {
      const parameters = Float32Array.from(start);
      const [m, v] = [new Float32Array(3), new Float32Array(3)];
      gradients.forEach((gradient, i) => {
        adamUpdate(parameters, Float32Array.from(gradient), m, v, i + 1, { learningRate: 0.01 });
      });
      parameters.forEach((value, i) => {
        const column = gradients.map((gradient) => gradient[i]!);
        // Gradients near epsilon are rounded to denormal moments in float32.
        if (column.some((gradient) => gradient !== 0 && Math.abs(gradient) < 1e-6)) return;
        expect(value).toBeCloseTo(reference(start[i]!, column, 0.01), 4);
      });
    }),
  );
});

it('updates parts alone as it updates the whole', () => {
  const gradients = Float32Array.of(1, -2, 0.5, 3);
  const [whole, m, v] = [new Float32Array(4), new Float32Array(4), new Float32Array(4)];
  adamUpdate(whole, gradients, m, v, 1);
  const [parts, partM, partV] = [new Float32Array(4), new Float32Array(4), new Float32Array(4)];
  for (const [from, to] of [
    [0, 1],
    [1, 4],
  ]) {
    const part = (values: Float32Array) => values.subarray(from, to);
    adamUpdate(part(parts), part(gradients), part(partM), part(partV), 1);
  }
  expect(parts).toEqual(whole);
});
