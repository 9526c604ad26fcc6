import { deriveKey, fillIntegers } from '@nem/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateSamples, DatasetError, drawSamples, SPLITS, type Split } from '../dataset.js';
import { paint } from '../sprite.js';
import { type Digits, digitSprite, digitsFromIdx, poolImage, poolSize } from './digits.js';
import { flyingMnist, staticMnist } from './flying-mnist.js';

/** Random 28×28 images whose every image carries its number and its file in the first pixels. */
function numbered(training: number, test: number): Digits {
  const images = (count: number, file: number) => {
    const data = fillIntegers(deriveKey(file, 'images'), new Uint8Array(count * 784), 256);
    for (let i = 0; i < count; i++) data.set([i >> 8, i & 255, file], i * 784);
    return { shape: [count, 28, 28], data };
  };
  return digitsFromIdx(images(training, 1), images(test, 2), 'numbered images');
}

const digits = numbered(600, 100);

describe('pools of digits', () => {
  it('are disjoint, cover both files, and test comes from the test file', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 400 }), fc.integer({ min: 6, max: 40 }), (training, test) => {
        const set = numbered(training, test);
        const drawn = (split: Split) =>
          Array.from({ length: poolSize(set, split) }, (_, i) => poolImage(set, split, i).subarray(0, 3).join());
        const all = SPLITS.flatMap(drawn);
        expect(new Set(all).size).toBe(training + test);
        expect(drawn('test').every((name) => name.endsWith(',2'))).toBe(true);
        expect([...drawn('training'), ...drawn('validation')].every((name) => name.endsWith(',1'))).toBe(true);
      }),
      { seed: 3, numRuns: 30 },
    );
    expect(poolSize(numbered(60_000 / 100, 100), 'validation') * 100).toBe(10_000);
  });

  it('give sprites that are means of 2×2 pixels', () => {
    const sprite = digitSprite(Uint8Array.of(255, 255, 0, 0, 255, 255, 0, 1), 2, 4);
    expect([sprite.height, sprite.width]).toEqual([1, 2]);
    expect(Array.from(sprite.pixels)).toEqual([0, 0, 0, 1]);
    expect(Array.from(sprite.values ?? [])).toEqual([1, Math.fround(1 / 1020)]);
    const size = fc.integer({ min: 2, max: 9 });
    fc.assert(
      fc.property(size, size, fc.nat(), (height, width, seed) => {
        const image = fillIntegers(deriveKey(seed, 'image'), new Uint8Array(height * width), 256);
        const half = digitSprite(image, height, width);
        // A last odd row or column is left out.
        expect([half.height, half.width]).toEqual([Math.floor(height / 2), Math.floor(width / 2)]);
        const lit = [];
        for (let row = 0; row + 1 < height; row += 2) {
          for (let column = 0; column + 1 < width; column += 2) {
            const pixels = [row, row + 1].flatMap((y) => [image[y * width + column]!, image[y * width + column + 1]!]);
            const sum = pixels.reduce((a, b) => a + b);
            if (sum > 0) lit.push([row / 2, column / 2, Math.fround(sum / 4 / 255)]);
          }
        }
        const found = Array.from(half.values ?? [], (value, i) => [half.pixels[2 * i], half.pixels[2 * i + 1], value]);
        expect(found).toEqual(lit);
      }),
    );
  });
});

const anyOptions = fc.record({
  seed: fc.nat(),
  height: fc.integer({ min: 14, max: 40 }),
  width: fc.integer({ min: 14, max: 40 }),
  objects: fc.integer({ min: 1, max: 4 }),
  frames: fc.integer({ min: 1, max: 12 }),
  variations: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  motion: fc.oneof(
    fc.record({ type: fc.constant('integerPixel' as const), maxVelocity: fc.nat(9) }),
    fc.record({
      type: fc.constant('subPixel' as const),
      speed: fc.double({ min: 0, max: 9, noNaN: true }).map((speed): [number, number] => [speed / 2, speed]),
    }),
  ),
});

describe('flying MNIST', () => {
  it('is grey from 0 to 1 with any options, has groups on lit pixels only, and is the same drawn alone and with others', () => {
    fc.assert(
      fc.property(anyOptions, fc.constantFrom(...SPLITS), fc.nat(9000), (options, split, index) => {
        const dataset = flyingMnist({ digits, ...options });
        const { features, groups } = drawSamples(dataset, split, [index]);
        const company = drawSamples(dataset, split, [index + 1, index]);
        const pixels = options.height * options.width;
        for (let i = 0; i < features.length; i++) {
          const pixel = features[i]!;
          if (!(pixel >= 0 && pixel <= 1)) throw new Error(`a pixel is ${pixel}`);
          if (features[i] === 0 && groups[i] !== 0) throw new Error('an unlit pixel has a group');
          if (groups[i]! > options.objects) throw new Error(`a group is ${groups[i]}`);
          const at = (Math.floor(i / pixels) * 2 + 1) * pixels + (i % pixels);
          if (company.features[at] !== features[i] || company.groups[at] !== groups[i]) throw new Error('it differs');
        }
        expect(groups.some((group) => group > 0) || options.objects > 1).toBe(true);
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it('shows one digit as it is, and the brighter value with group 0 where two meet', () => {
    const one = flyingMnist({ digits, objects: 1, height: 14, width: 14, frames: 3, variations: 1 });
    const single = drawSamples(one, 'training', [0]);
    const two = drawSamples(
      flyingMnist({ digits, objects: 2, height: 14, width: 14, frames: 3, variations: 1 }),
      'training',
      [0],
    );
    // One variation in a room without space: both digits are the same, one upon the other.
    expect(Array.from(two.features)).toEqual(Array.from(single.features));
    expect(single.groups.every((group, i) => group === (single.features[i]! > 0 ? 1 : 0))).toBe(true);
    expect(two.groups.every((group) => group === 0)).toBe(true);
  });

  it('has groups on the pixels that one digit alone lights above the threshold, and the same images with any', () => {
    fc.assert(
      fc.property(anyOptions, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (options, threshold) => {
        const all = drawSamples(flyingMnist({ digits, ...options }), 'test', [0]);
        const above = drawSamples(flyingMnist({ digits, ...options, groupThreshold: threshold }), 'test', [0]);
        expect(above.features).toEqual(all.features);
        for (let i = 0; i < all.groups.length; i++) {
          const group = all.features[i]! > threshold ? all.groups[i] : 0;
          if (above.groups[i] !== group)
            throw new Error(`a pixel of ${all.features[i]} has the group ${above.groups[i]}`);
        }
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it('gives a pixel that two digits light to neither, however faint one of them is', () => {
    const bright = Uint8Array.of(255, 255, 255, 255);
    const faint = Uint8Array.of(51, 51, 51, 51);
    const groupOf = (threshold: number, images: readonly Uint8Array[]) => {
      const samples = allocateSamples(staticMnist({ digits }), 1);
      images.forEach((image, i) => {
        paint(digitSprite(image, 2, 2, threshold), 0, 0, i + 1, samples, 0);
      });
      return [samples.features[0], samples.groups[0]];
    };
    for (const images of [
      [bright, faint],
      [faint, bright],
    ]) {
      expect(groupOf(0, images)).toEqual([1, 0]);
      expect(groupOf(0.5, images)).toEqual([1, 0]);
    }
    expect(groupOf(0.5, [faint])).toEqual([Math.fround(0.2), 0]);
    expect(groupOf(0.5, [bright])).toEqual([1, 1]);
  });

  it('draws as many distinct digits as there are variations; fewer are a part of more, and splits share none', () => {
    const seen = (variations: number, split: Split) => {
      const dataset = staticMnist({ digits, objects: 1, height: 14, width: 14, variations });
      const { features } = drawSamples(
        dataset,
        split,
        Array.from({ length: 400 }, (_, i) => i),
      );
      return new Set(Array.from({ length: 400 }, (_, i) => features.subarray(i * 196, i * 196 + 196).join()));
    };
    const few = seen(5, 'training');
    const more = seen(20, 'training');
    expect([few.size, more.size]).toEqual([5, 20]);
    for (const digit of few) expect(more.has(digit)).toBe(true);
    for (const digit of seen(20, 'validation')) expect(more.has(digit)).toBe(false);
  });

  it.each([
    [{ height: 13 }, '13×24'],
    [{ objects: 12 }, '12 digits do not fit into 24×24 pixels: give at most 11'],
    [{ objects: 0 }, '0'],
    [{ variations: 0 }, 'variations is 0'],
    [{ variations: 101 }, 'validation has 100 digits'],
    [{ groupThreshold: 1 }, 'groupThreshold is 1: give a brightness from 0 to below 1'],
    [{ groupThreshold: -0.1 }, 'groupThreshold is -0.1'],
    [{ groupThreshold: Number.NaN }, 'groupThreshold is NaN'],
    [{ frames: -1 }, '-1'],
    [{ motion: { type: 'integerPixel', maxVelocity: -1 } as const }, 'maxVelocity is -1'],
    [{ motion: { type: 'subPixel', speed: [-1, 1] } as const }, '-1 to 1'],
  ])('refuses %j with one sentence', (options, named) => {
    expect(() => flyingMnist({ digits, ...options })).toThrow(DatasetError);
    expect(() => flyingMnist({ digits, ...options })).toThrow(named);
  });
});

it('files that hold no set of images are refused', () => {
  const images = (...shape: number[]) => ({ shape, data: new Uint8Array(shape.reduce((a, b) => a * b, 1)) });
  expect(() => digitsFromIdx(images(60), images(6, 4, 4), '')).toThrow('[60]');
  expect(() => digitsFromIdx(images(6, 4, 4), images(6, 4, 6), '')).toThrow('4×6');
  expect(() => digitsFromIdx(images(5, 4, 4), images(6, 4, 4), '')).toThrow('5 images');
});
