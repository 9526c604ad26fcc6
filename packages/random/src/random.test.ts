import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bernoulliThreshold,
  deriveKey,
  fillBernoulli,
  fillFlipped,
  fillIntegers,
  fillNormal,
  fillUint32,
  fillUniform,
  foldIn,
  permutation,
  RandomStream,
  threefry2x32,
} from './index.js';
import { exactLog } from './normal.js';
import { firstOfBlock } from './stream.js';

const property = { seed: 7, numRuns: 200 };

describe('threefry2x32', () => {
  // Random123's kat_vectors, threefry2x32 with 20 rounds.
  type Words = [number, number];
  it.each<[key: Words, counter: Words, answer: Words]>([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ])('has the known answer for key %j and counter %j', (key, counter, answer) => {
    expect(threefry2x32(key, ...counter)).toEqual(answer);
  });
});

describe('keys', () => {
  it('differ by seed, high seed word, purpose and index', () => {
    const keys = [
      deriveKey(0, 'noise'),
      deriveKey(1, 'noise'),
      deriveKey(2 ** 32, 'noise'),
      deriveKey(0, 'gamma'),
      deriveKey(0, 'noise', 1),
      foldIn(deriveKey(0, 'noise'), 0),
      foldIn(deriveKey(0, 'noise'), 1),
    ];
    expect(new Set(keys.map(String)).size).toBe(keys.length);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuse the seed %s', (seed) => {
    expect(() => deriveKey(seed, 'noise')).toThrow(`the seed is ${seed}`);
  });

  it('refuse an index beyond 32 bits', () => {
    expect(() => deriveKey(0, 'noise', 2 ** 32)).toThrow('4294967296');
    expect(() => foldIn([0, 0], -1)).toThrow('-1');
  });
});

// Every dataset, noise and training order is drawn from these: others, however random, would repeat no run. They were computed apart
// from this code, by the definitions of Threefry (tried on the vectors above), of FNV-1a and of each fill.
describe('in every release', () => {
  const key = deriveKey(2 ** 32 + 5, 'γ/test', 7);

  it('keys are the same', () => {
    expect(deriveKey(0, 'noise')).toEqual([2125679172, 704557415]);
    expect(key).toEqual([1272171306, 3600637466]);
    expect(foldIn(key, 3)).toEqual([1430088187, 1383999149]);
  });

  it('fills are the same', () => {
    expect([...fillUint32(key, new Uint32Array(4))]).toEqual([2349267316, 3599052115, 608080243, 2799375550]);
    const uniform = Array.from(fillUniform(key, new Float32Array(4)), (value) => value * 2 ** 24);
    expect(uniform).toEqual([9176825, 14058797, 2375313, 10935060]);
    expect([...fillIntegers(key, new Uint8Array(8), 10)]).toEqual([5, 8, 1, 6, 0, 1, 0, 0]);
    expect([...fillBernoulli(key, new Uint8Array(8), 0.3)]).toEqual([0, 0, 1, 0, 1, 1, 1, 1]);
    expect([0, 0.3, 1].map(bernoulliThreshold)).toEqual([0, 1288490188, 2 ** 32]);
    const quantiles = [0.11803849412915902, 0.9861474565374007, -1.073248959726327, 0.39013168060763165];
    fillNormal(key, new Float64Array(4)).forEach((value, i) => {
      expect(value).toBeCloseTo(quantiles[i]!, 6);
    });
  });

  it('streams and orders are the same', () => {
    const stream = new RandomStream(key);
    // The second word is not below the largest multiple of the bound, and is drawn again.
    expect([stream.integer(3 * 2 ** 30), stream.integer(3 * 2 ** 30)]).toEqual([2349267316, 608080243]);
    expect(stream.uniform() * 2 ** 24).toBe(10935060);
    expect([...permutation(key, 10)]).toEqual([1, 0, 2, 7, 8, 5, 9, 3, 4, 6]);
  });
});

describe('a value out of range is refused, and a string is quoted', () => {
  const key = deriveKey(0, 'a');
  const calls: Record<string, (value: never) => unknown> = {
    'the seed': (value) => deriveKey(value, 'a'),
    'the index of a random key': (value) => deriveKey(0, 'a', value),
    'the index of a random key ': (value) => foldIn(key, value),
    'the offset of a random fill': (value) => fillUint32(key, new Uint32Array(1), value),
    'the probability': (value) => fillBernoulli(key, new Uint8Array(1), value),
    'the bound of random integers': (value) => fillIntegers(key, new Uint8Array(1), value),
    'the bound of random integers ': (value) => new RandomStream(key).integer(value),
    'the length of a random order': (value) => permutation(key, value),
    'the first word of the counter': (value) => threefry2x32(key, value, 0),
    'the second word of the counter': (value) => threefry2x32(key, 0, value),
  };
  it.each(Object.entries(calls))('as %s', (what, call) => {
    const refused = (value: unknown, text: string) => {
      const run = () => call(value as never);
      expect(run).toThrow(RangeError);
      expect(run).toThrow(new RegExp(`^${what.trim()} is ${text}[: ].{1,80}$`));
    };
    refused('1', "'1'");
    refused('x'.repeat(1e6), `'${'x'.repeat(60)}…'`);
    refused(Number('1e400'), 'Infinity');
    refused(Number.NaN, 'NaN');
    refused(null, 'null');
    refused([1], 'an array');
  });

  it.each<[string, (key: never) => unknown]>([
    ['threefry2x32', (wrong) => threefry2x32(wrong, 0, 0)],
    ['foldIn', (wrong) => foldIn(wrong, 0)],
    ['RandomStream', (wrong) => new RandomStream(wrong)],
    ['permutation', (wrong) => permutation(wrong, 3)],
    ['fillUint32', (wrong) => fillUint32(wrong, new Uint32Array(0))],
    ['fillUniform', (wrong) => fillUniform(wrong, new Float32Array(3))],
    ['fillNormal', (wrong) => fillNormal(wrong, new Float32Array(3))],
    ['fillIntegers', (wrong) => fillIntegers(wrong, new Uint8Array(3), 5)],
    ['fillBernoulli', (wrong) => fillBernoulli(wrong, new Uint8Array(3), 0.5)],
    ['fillFlipped', (wrong) => fillFlipped(wrong, new Float32Array(3), new Float32Array(3), 0.5)],
  ])('as the key of %s', (_, call) => {
    const refused = (wrong: unknown, text: string) => {
      expect(() => call(wrong as never)).toThrow(
        new RangeError(`the random key is ${text}: give one of deriveKey, two integers from 0 to 4294967295.`),
      );
    };
    refused(42, '42');
    refused(undefined, 'undefined');
    refused([42], '[42]');
    refused([1, 2, 3], 'an array');
    refused([Number.NaN, 0.5], '[NaN, 0.5]');
    refused([0, -1], '[0, -1]');
    refused([2 ** 32, '1'], "[4294967296, '1']");
    refused(new Uint32Array(2), 'an object');
  });

  it.each<[unknown, string]>([
    [[0, 1], 'an array'],
    [undefined, 'undefined'],
    [new Uint8Array(2), 'a Uint8Array'],
    [new Float64Array(2), 'a Float64Array'],
  ])('as numbers to flip %#', (x, text) => {
    const out = new Float32Array(2);
    expect(() => fillFlipped(key, out, x as Float32Array, 1)).toThrow(
      new RangeError(`the numbers to flip are ${text}: give a Float32Array.`),
    );
    expect([...out]).toEqual([0, 0]);
  });

  it('and a stream ends where its numbers would repeat', () => {
    const key = deriveKey(0, 'stream');
    expect(firstOfBlock(key, 0)).toBe(new RandomStream(key).uint32());
    expect(firstOfBlock(key, 2 ** 32 - 1)).toBe(threefry2x32(key, 2 ** 32 - 1, 0)[0]);
    expect(() => firstOfBlock(key, 2 ** 32)).toThrow('all of its 2^33 words: go on with a stream of another key.');
  });

  it('as a purpose', () => {
    expect(() => deriveKey(0, 5 as unknown as string)).toThrow('the purpose of a random key is 5: give a text.');
  });
});

/** Every type of array there is, and what a caller without types may give instead. */
const arrays = [
  new Int8Array(3),
  new Uint8Array(3),
  new Uint8ClampedArray(3),
  new Int16Array(3),
  new Uint16Array(3),
  new Int32Array(3),
  new Uint32Array(3),
  new Float32Array(3),
  new Float64Array(3),
  new BigInt64Array(3),
  new BigUint64Array(3),
  new DataView(new ArrayBuffer(3)),
  [0, 0, 0],
  'abc',
  undefined,
];

describe('a fill', () => {
  const key = deriveKey(3, 'types');
  const fill: Record<string, (out: never, bound: number) => unknown> = {
    uint32: (out) => fillUint32(key, out),
    uniform: (out) => fillUniform(key, out),
    normal: (out) => fillNormal(key, out),
    bernoulli: (out) => fillBernoulli(key, out, 0.5),
    integers: (out, bound) => fillIntegers(key, out, bound),
    flipped: (out) => fillFlipped(key, out, Float32Array.of(0, 0.25, 1), 0.5),
  };
  /** What the fill gives in the widest array that it takes, which every other must hold too. */
  const right: Record<string, (bound: number) => ArrayLike<number>> = {
    uint32: () => fillUint32(key, new Uint32Array(3)),
    uniform: () => fillUniform(key, new Float64Array(3)),
    normal: () => fillNormal(key, new Float64Array(3)),
    bernoulli: () => fillBernoulli(key, new Uint8Array(3), 0.5),
    integers: (bound) => fillIntegers(key, new Float64Array(3) as unknown as Uint32Array, bound),
    flipped: () => fillFlipped(key, new Float32Array(3), Float32Array.of(0, 0.25, 1), 0.5),
  };

  it.each(Object.keys(fill))('of %s gives its numbers in an array of any type, or a RangeError', (name) => {
    const counts = { filled: 0, refused: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...arrays), fc.integer({ min: 1, max: 2 ** 32 }), (out, bound) => {
        try {
          fill[name]!(out as never, bound);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect((error as Error).message).toMatch(/^random .{9,25} do not go into .*: give .*\.$/);
          counts.refused++;
          return;
        }
        const wide = Array.from(right[name]!(bound));
        const single = out instanceof Float32Array;
        expect(Array.from(out as ArrayLike<number>)).toEqual(single ? wide.map(Math.fround) : wide);
        if (single && name !== 'normal') expect(wide.map(Math.fround)).toEqual(wide);
        counts.filled++;
      }),
      property,
    );
    expect(counts.filled).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(0);
  });

  it.each([
    [new Uint8Array(3), 256],
    [new Uint16Array(3), 65_536],
    [new Uint32Array(3), 2 ** 32],
    [new Int32Array(3), 2 ** 31],
  ])('of integers takes every bound up to what its array holds %#', (out, most) => {
    fillIntegers(key, out, most);
    if (most < 2 ** 32) {
      expect(() => fillIntegers(key, out, most + 1)).toThrow(
        `random integers up to ${most} do not go into ${out instanceof Int32Array ? 'an' : 'a'} ${out.constructor.name}`,
      );
    }
  });
});

describe('fills', () => {
  const key = deriveKey(3, 'fills');
  const fills = {
    uint32: (n: number, offset: number) => fillUint32(key, new Uint32Array(n), offset),
    uniform: (n: number, offset: number) => fillUniform(key, new Float32Array(n), offset),
    normal: (n: number, offset: number) => fillNormal(key, new Float64Array(n), offset),
    integers: (n: number, offset: number) => fillIntegers(key, new Uint8Array(n), 10, offset),
    bernoulli: (n: number, offset: number) => fillBernoulli(key, new Uint8Array(n), 0.3, offset),
    flipped: (n: number, offset: number) => fillFlipped(key, new Float32Array(n), new Float32Array(n), 0.3, offset),
  };

  it.each(Object.entries(fills))('of %s give the same numbers whole and in pieces', (_name, fill) => {
    const whole = Array.from(fill(101, 5));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 101 }), (cut) => {
        expect([...fill(cut, 5), ...fill(101 - cut, 5 + cut)]).toEqual(whole);
      }),
      property,
    );
  });

  it('give the numbers that a stream draws', () => {
    const stream = new RandomStream(key);
    expect(Array.from({ length: 9 }, () => stream.uint32())).toEqual(Array.from(fills.uint32(9, 0)));
  });

  it('have the mean and the range of a uniform distribution', () => {
    const x = fillUniform(key, new Float64Array(200_000));
    expect(x.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = x.reduce((a, b) => a + b) / x.length;
    // Five standard errors of the mean of 200,000 uniforms.
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / x.length));
  });

  it('have a normal distribution (Kolmogorov and Smirnov)', () => {
    const x = fillNormal(key, new Float64Array(100_000)).sort();
    const tail = (value: number) => {
      // Abramowitz and Stegun 7.1.26, error below 1.5e-7.
      const z = Math.abs(value) / Math.SQRT2;
      const t = 1 / (1 + 0.3275911 * z);
      const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
      const erf = 1 - series * Math.exp(-z * z);
      return value < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
    };
    const distance = Math.max(...Array.from(x, (value, i) => Math.abs(tail(value) - (i + 0.5) / x.length)));
    expect(distance).toBeLessThan(1.95 / Math.sqrt(x.length));
  });

  it('have equally frequent integers (chi square)', () => {
    const counts = new Array<number>(10).fill(0);
    for (const value of fillIntegers(key, new Uint8Array(100_000), 10)) counts[value]!++;
    const chi2 = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi2).toBeLessThan(27.9); // 0.1 % point for 9 degrees of freedom
  });

  it('have the requested share of ones: none for probability 0, all for 1', () => {
    const ones = fillBernoulli(key, new Uint8Array(100_000), 0.2).reduce((a, b) => a + b, 0);
    expect(Math.abs(ones - 20_000)).toBeLessThan(5 * Math.sqrt(100_000 * 0.16));
    expect(fillBernoulli(key, new Uint8Array(1000), 0).includes(1)).toBe(false);
    expect(fillBernoulli(key, new Uint8Array(1000), 1).includes(0)).toBe(false);
    expect(() => fillBernoulli(key, new Uint8Array(1), 1.5)).toThrow('1.5');
  });

  it('flip what a Bernoulli fill of the same key has ones for, over several chunks and in place', () => {
    const x = Float32Array.from({ length: 5001 }, (_, i) => (i % 11) / 8);
    for (const probability of [0, 0.3, 1]) {
      const ones = fillBernoulli(key, new Uint8Array(5001), probability, 7);
      const flipped = fillFlipped(key, new Float32Array(5001), x, probability, 7);
      expect(flipped).toEqual(x.map((value, i) => (ones[i] ? 1 - value : value)));
      const place = x.slice();
      expect(fillFlipped(key, place, place, probability, 7)).toEqual(flipped);
    }
    expect(() => fillFlipped(key, new Float32Array(3), x, 0.5)).toThrow(
      new RangeError('there are 5001 numbers to flip into 3: give as many.'),
    );
  });
});

describe('exactLog', () => {
  it('agrees with Math.log', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(Math.abs(exactLog(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))));
      }),
      property,
    );
  });
});

describe('permutations', () => {
  it('hold every index once and differ by key', () => {
    const a = permutation(deriveKey(0, 'order', 0), 1000);
    const b = permutation(deriveKey(0, 'order', 1), 1000);
    expect(Array.from(a).sort((x, y) => x - y)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(Array.from(a)).not.toEqual(Array.from(b));
  });

  it('are equally frequent', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = permutation(deriveKey(1, 'order', i), 3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    const chi2 = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(counts.size).toBe(6);
    expect(chi2).toBeLessThan(20.5); // 0.1 % point for 5 degrees of freedom
  });
});
