import { deriveKey } from '@nem/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corrupt, initialGamma, type NoiseSpec } from './noise.js';

const key = deriveKey(5, 'noise test');
const grey = (length: number) => Float32Array.from({ length }, (_, i) => (i % 11) / 10);
const noisy = (spec: NoiseSpec, clean: Float32Array, offset = 0) => {
  const out = new Float32Array(clean.length);
  corrupt(spec, key, clean, out, offset);
  return out;
};

describe.each(['bitFlip', 'maskedUniform'] as const)('%s noise', (type) => {
  it('changes pixels with its probability', () => {
    const clean = new Float32Array(100_000);
    const changed = noisy({ type, probability: 0.2 }, clean).filter((value) => value !== 0).length;
    // Five standard deviations of a binomial.
    expect(Math.abs(changed / clean.length - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / clean.length));
  });

  it('stays in [0, 1] and leaves the input alone', () => {
    const clean = grey(5000);
    const out = noisy({ type, probability: 0.5 }, clean);
    expect(clean).toEqual(grey(5000));
    expect(out.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('changes nothing at probability 0', () => {
    expect(noisy({ type, probability: 0 }, grey(500))).toEqual(grey(500));
  });

  it('is the same for a part made alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 100 }), (from, length) => {
        const clean = grey(200);
        const part = noisy({ type, probability: 0.4 }, clean.subarray(from, from + length), from);
        expect(part).toEqual(noisy({ type, probability: 0.4 }, clean).subarray(from, from + length));
      }),
    );
  });
});

it('bit flips take x to 1 − x', () => {
  expect(noisy({ type: 'bitFlip', probability: 1 }, Float32Array.of(0, 1, 0.25))).toEqual(Float32Array.of(1, 0, 0.75));
});

it.each([0.1, 1])('masked pixels are draws from U(0, 1) where each is masked with probability %d', (probability) => {
  const draws = noisy({ type: 'maskedUniform', probability }, new Float32Array(50_000)).filter((value) => value !== 0);
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = draws.filter((value) => Math.floor(10 * value) === tenth).length / draws.length;
    // Five standard deviations of a binomial.
    expect(Math.abs(share - 0.1)).toBeLessThan(5 * Math.sqrt((0.1 * 0.9) / draws.length));
  }
});

it('initial γ sums to 1 over components, is above 0, and rows can be made alone', () => {
  const sizes = fc.record({
    batch: fc.integer({ min: 1, max: 5 }),
    components: fc.integer({ min: 1, max: 6 }),
    pixels: fc.integer({ min: 1, max: 30 }),
  });
  fc.assert(
    fc.property(sizes, ({ batch, components, pixels }) => {
      const gamma = initialGamma(key, batch, components, pixels);
      for (let b = 0; b < batch; b++) {
        for (let i = 0; i < pixels; i++) {
          let sum = 0;
          for (let k = 0; k < components; k++) sum += gamma[(b * components + k) * pixels + i]!;
          expect(sum).toBeCloseTo(1, 5);
        }
        const row = components * pixels;
        expect(initialGamma(key, 1, components, pixels, b)).toEqual(gamma.subarray(b * row, (b + 1) * row));
      }
      expect(gamma.every((value) => value > 0)).toBe(true);
      if (components === 1) expect(gamma.every((value) => value === 1)).toBe(true);
    }),
  );
});

it('initial γ has the odds of two draws from |N(0, 1)|', () => {
  const pixels = 20_000;
  const gamma = initialGamma(key, 1, 2, pixels);
  for (const odds of [0.1, 0.5, 1, 2, 10]) {
    let below = 0;
    for (let i = 0; i < pixels; i++) if (gamma[i]! < odds * gamma[pixels + i]!) below++;
    // The quotient of two normal draws has a Cauchy distribution; five standard deviations of a binomial.
    const expected = (2 / Math.PI) * Math.atan(odds);
    expect(Math.abs(below / pixels - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / pixels));
  }
});

it.each<[unknown, unknown, string]>([
  [new Float32Array(4), new Float32Array(3), 'there are 4 pixels to corrupt into 3: give arrays of one length.'],
  [new Float32Array(2), new Float32Array(3), 'there are 2 pixels to corrupt into 3: give arrays of one length.'],
  [[0, 1, 0], new Float32Array(3), 'pixels to corrupt are a list: give a Float32Array.'],
  [new Float32Array(3), new Uint8Array(3), 'pixels to corrupt are an object: give a Float32Array.'],
])('arrays that do not fit are refused before anything is written %#', (clean, out, sentence) => {
  for (const type of ['none', 'bitFlip', 'maskedUniform'] as const) {
    expect(() => corrupt({ type, probability: 1 }, key, clean as Float32Array, out as Float32Array)).toThrow(
      new RangeError(sentence),
    );
    expect([...(out as Float32Array)]).toEqual([0, 0, 0]);
  }
});

it('an unknown kind of noise is refused, not taken for another', () => {
  const pixels = new Float32Array(4);
  expect(() => corrupt({ type: 'salt' as 'none' }, deriveKey(0, 'noise'), pixels, pixels)).toThrow(
    new RangeError("unknown noise 'salt': use none, bitFlip or maskedUniform."),
  );
});
