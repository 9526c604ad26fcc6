import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateSamples, BatchOrder, DatasetError, drawSamples, SHAPES, type Shape, staticShapes } from './index.js';

const property = { seed: 11, numRuns: 100 };

function picture({ height, width, pixels }: Shape): string[] {
  const rows = Array.from({ length: height }, () => new Array<string>(width).fill('.'));
  for (let i = 0; i < pixels.length; i += 2) rows[pixels[i]!]![pixels[i + 1]!] = '#';
  return rows.map((row) => row.join(''));
}

describe('shapes', () => {
  const up = [
    '.....##.....',
    '....####....',
    '...######...',
    '..###..###..',
    '.###....###.',
    '############',
    '############',
  ];

  it('have the outlines of the method', () => {
    const [square, triangleUp, triangleDown] = SHAPES.map(picture);
    expect(square).toEqual(['#######', '#######', '##...##', '##...##', '##...##', '#######', '#######']);
    expect(triangleUp).toEqual(up);
    expect(triangleDown).toEqual([...up].reverse());
  });
});

describe('static shapes', () => {
  const dataset = staticShapes();

  it('draw the same sample alone and with others', () => {
    const all = drawSamples(
      dataset,
      'training',
      Array.from({ length: 20 }, (_, i) => i),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(19), { minLength: 1, maxLength: 4 }), (indices) => {
        const some = drawSamples(dataset, 'training', indices);
        indices.forEach((index, position) => {
          const pixels = (array: Float32Array | Uint8Array, at: number) =>
            array.subarray(at * 784, at * 784 + 784).join('');
          expect(pixels(some.features, position)).toEqual(pixels(all.features, index));
          expect(pixels(some.groups, position)).toEqual(pixels(all.groups, index));
        });
      }),
      property,
    );
  });

  it('are binary, have groups on pixels of objects only, and every group is a part of one shape', () => {
    const sizes = new Set(SHAPES.map(({ pixels }) => pixels.length / 2));
    const { features, groups } = drawSamples(
      dataset,
      'test',
      Array.from({ length: 500 }, (_, i) => i),
    );
    let wrong = 0;
    let wholeShapes = 0;
    let overlaps = 0;
    for (let sample = 0; sample < 500; sample++) {
      const counts = [0, 0, 0, 0];
      for (let i = sample * 784; i < (sample + 1) * 784; i++) {
        if (features[i] === 1) counts[groups[i]!]!++;
        else if (features[i] !== 0 || groups[i] !== 0) wrong++;
      }
      if (counts[0]! > 0) overlaps++;
      else {
        wholeShapes++;
        for (const count of counts.slice(1)) expect(sizes.has(count)).toBe(true);
      }
    }
    expect(wrong).toBe(0);
    expect(wholeShapes).toBeGreaterThan(50);
    expect(overlaps).toBeGreaterThan(50);
  });

  it('have uniform kinds (chi square on images with one object)', () => {
    const single = staticShapes({ objects: 1, seed: 2 });
    const { groups } = drawSamples(
      single,
      'training',
      Array.from({ length: 6000 }, (_, i) => i),
    );
    const counts = new Map<string, number>();
    for (let sample = 0; sample < 6000; sample++) {
      const pixels = groups.subarray(sample * 784, sample * 784 + 784);
      const top = pixels.indexOf(1) / 28;
      const firstRow = pixels.subarray(Math.floor(top) * 28, Math.floor(top) * 28 + 28).reduce((a, b) => a + b, 0);
      counts.set(String(firstRow), (counts.get(String(firstRow)) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['12', '2', '7']);
    const chi2 = [...counts.values()].reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chi2).toBeLessThan(13.8); // 0.1 % point for 2 degrees of freedom
  });

  it('differ between splits and seeds', () => {
    const bits = (split: 'training' | 'test', seed: number) =>
      drawSamples(staticShapes({ seed }), split, [0]).features.join('');
    expect(new Set([bits('training', 0), bits('test', 0), bits('training', 1)]).size).toBe(3);
  });

  it.each([
    [() => staticShapes({ height: 6 }), '6×28'],
    [() => staticShapes({ objects: 0 }), '0'],
    [() => staticShapes({ sizes: { test: -1 } }), '-1'],
    [() => drawSamples(dataset, 'test', [10_000]), '10000'],
    [() => drawSamples(dataset, 'test', [0], drawSamples(dataset, 'test', [0, 1])), 'allocateSamples'],
    [
      () => drawSamples(dataset, 'test', [0], { ...allocateSamples(dataset, 1), groups: new Uint8Array(10) }),
      'out has arrays of 10 values for 784 pixels: allocate it with allocateSamples.',
    ],
    [
      () =>
        drawSamples(dataset, 'test', [0], { features: new Float32Array(784), groups: new Uint8Array(784) } as never),
      'out holds [undefined, undefined, undefined, undefined] pixels but the samples are [1, 1, 28, 28]: allocate it',
    ],
  ])('refuse bad input %#', (call, named) => {
    expect(call).toThrow(DatasetError);
    expect(call).toThrow(named);
  });
});

describe('batch order', () => {
  it('goes through every sample once, in another order each epoch', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 70 }), fc.nat(5), (size, batchSize, epoch) => {
        const order = new BatchOrder({ size, batchSize, seed: 1, epoch });
        const seen = Array.from({ length: order.length }, (_, b) => Array.from(order.indices(b))).flat();
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      }),
      property,
    );
    const first = (epoch: number) => new BatchOrder({ size: 1000, batchSize: 64, seed: 0, epoch }).indices(0).join();
    expect(first(0)).not.toBe(first(1));
    expect(first(1)).toBe(first(1));
  });

  it('can leave out the last batch and keep the order', () => {
    const order = new BatchOrder({ size: 10, batchSize: 4, seed: 0, shuffle: false, dropLast: true });
    expect(order.length).toBe(2);
    expect(Array.from(order.indices(1))).toEqual([4, 5, 6, 7]);
    expect(() => order.indices(2)).toThrow('2');
    expect(() => new BatchOrder({ size: 1, batchSize: 0, seed: 0 })).toThrow('0');
  });
});
