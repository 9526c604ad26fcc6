import fc from 'fast-check';
import { expect, it } from 'vitest';
import { adamUpdate, clipGradients } from './adam.js';

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

it('clips gradients of all parameters to the norm, in their direction, and leaves smaller ones as they are', () => {
  fc.assert(
    fc.property(numbers(5), fc.double({ min: 0.01, max: 20, noNaN: true }), (values, clipNorm) => {
      const arrays = [Float32Array.from(values.slice(0, 2)), Float32Array.from(values.slice(2))];
      clipGradients(arrays, { clipNorm });
      const clipped = arrays.flatMap((array) => [...array]);
      const [before, after] = [Math.hypot(...values), Math.hypot(...clipped)];
      expect(after).toBeCloseTo(Math.min(before, clipNorm), 4);
      if (before <= clipNorm) expect(clipped).toEqual(values);
      else
        expect(clipped.map((value) => value * before)).toEqual(values.map((value) => expect.closeTo(value * after, 3)));
    }),
  );
});

it('leaves gradients that are not finite, so that the caller notices them', () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const gradients = Float32Array.of(3, wrong);
    clipGradients([gradients], { clipNorm: 1 });
    expect(gradients).toEqual(Float32Array.of(3, wrong));
  }
});
