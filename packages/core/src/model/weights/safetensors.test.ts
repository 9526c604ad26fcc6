import { spawnSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedArrays, SafetensorsError } from './safetensors.js';

const seeded = { seed: 20170803 };

/** A file of any header text and data, for headers that the encoder would never write. */
function file(header: string | Uint8Array, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const refusal = (message: string) =>
  expect.objectContaining({ name: 'SafetensorsError', message: expect.stringContaining(message) });

const tensor = (dtype: string, shape: number[], begin: number, end: number) =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

const weights: NamedArrays = {
  'recurrent/bias': { shape: [3], values: Float32Array.of(0.25, -1, 1e-3) },
  'output.0/kernel': { shape: [2, 2, 1], values: Float32Array.of(1, 2, 3, 4) },
  eta: { shape: [], values: Float32Array.of(1) },
  none: { shape: [0, 7], values: new Float32Array(0) },
};

const anyText = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text !== '__metadata__');
const anyArray = fc.array(fc.nat({ max: 4 }), { maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((product, n) => product * n, 1);
  return fc.record({
    shape: fc.constant(shape),
    values: fc
      .array(fc.float({ noNaN: false }), { minLength: length, maxLength: length })
      .map((v) => Float32Array.from(v)),
  });
});
const anyArrays = fc.dictionary(anyText, anyArray, { maxKeys: 6 });
const anyMetadata = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), { maxKeys: 4 });

describe('encodeSafetensors and decodeSafetensors', () => {
  it('give back any arrays and metadata', () => {
    fc.assert(
      fc.property(anyArrays, anyMetadata, (arrays, metadata) => {
        const decoded = decodeSafetensors(encodeSafetensors(arrays, metadata));
        expect({ ...decoded.arrays }).toEqual({ ...arrays });
        expect({ ...decoded.metadata }).toEqual({ ...metadata });
      }),
      { ...seeded, numRuns: 500 },
    );
  });

  it('write the same bytes whatever the order of the keys', () => {
    const reversed = Object.fromEntries(Object.entries(weights).reverse());
    const bytes = encodeSafetensors(weights, { epoch: '3', network: 'rnn-em' });
    expect(encodeSafetensors(reversed, { network: 'rnn-em', epoch: '3' })).toEqual(bytes);
  });

  it('start the data at a multiple of 8 bytes, behind spaces', () => {
    for (const name of ['a', 'ab', 'abc', 'äbcdefgh']) {
      const bytes = encodeSafetensors({ [name]: { shape: [1], values: Float32Array.of(1) } });
      expect((bytes.length - 4) % 8).toBe(0);
      const header = new TextDecoder().decode(bytes.subarray(8, -4));
      expect(header).toMatch(/^\{.*\} *$/);
      expect(Object.keys(JSON.parse(header))).toEqual([name]);
    }
  });

  it('hold a name like __proto__ as any other', () => {
    const arrays = JSON.parse('{"__proto__": {"shape": [1]}, "constructor": {"shape": [1]}}');
    for (const name of Object.keys(arrays)) arrays[name].values = Float32Array.of(7);
    const decoded = decodeSafetensors(encodeSafetensors(arrays, JSON.parse('{"__proto__": "polluted"}')));
    expect(Object.keys(decoded.arrays).sort()).toEqual(['__proto__', 'constructor']);
    expect(Object.getOwnPropertyDescriptor(decoded.arrays, '__proto__')?.value.values).toEqual(Float32Array.of(7));
    expect(Object.keys(decoded.metadata)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('read a view into a larger buffer', () => {
    const bytes = encodeSafetensors(weights);
    const larger = new Uint8Array(bytes.length + 20).fill(0xff);
    larger.set(bytes, 13);
    expect(decodeSafetensors(larger.subarray(13, 13 + bytes.length))).toEqual(decodeSafetensors(bytes));
  });

  it('share no memory with the file', () => {
    const bytes = encodeSafetensors(weights);
    const { arrays } = decodeSafetensors(bytes);
    bytes.fill(0);
    expect(arrays.eta?.values).toEqual(Float32Array.of(1));
  });
});

/** Arrays that are nearly all name: as many as are written are read. */
const scalars = (count: number): NamedArrays =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`step/${i}`, { shape: [], values: Float32Array.of(i) }]));

describe('whatever is written is read', () => {
  it.each<[string, NamedArrays, Record<string, string>?]>([
    ['20,000 scalars', scalars(20_000)],
    ['20,000 empty arrays', Object.fromEntries(Object.keys(scalars(20_000)).map((name) => [name, weights.none!]))],
    ['20,000 entries of metadata', {}, Object.fromEntries(Object.keys(scalars(20_000)).map((name) => [name, '']))],
    ['64 axes', { w: { shape: new Array(64).fill(1), values: Float32Array.of(1) } }],
  ])('%s', (_, arrays, metadata) => {
    const decoded = decodeSafetensors(encodeSafetensors(arrays, metadata));
    expect(Object.entries(decoded.arrays).length).toBe(Object.entries(arrays).length);
    for (const [name, array] of Object.entries(arrays)) expect(decoded.arrays[name]).toEqual(array);
    expect({ ...decoded.metadata }).toEqual(metadata ?? {});
  });

  it('or refused: any shape and values that plain JavaScript can pass', () => {
    const length = fc.oneof(fc.nat(3), fc.constantFrom(-1, 0.5, Number.NaN, '2', null, undefined, [2]));
    const shape = fc.oneof(
      fc.array(length, { maxLength: 70 }),
      fc.array(fc.constant(1), { minLength: 60, maxLength: 70 }),
      fc.constantFrom(2, '2', null, undefined, Int32Array.of(2), { length: 0 }),
    );
    const values = fc.oneof(
      fc.nat(4).map((count) => new Float32Array(count)),
      fc.constantFrom([1], 1, null, 'x'),
    );
    const array = fc.oneof(fc.record({ shape, values }), fc.constantFrom(null, undefined, 5, 'text', []));
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(array, (anything) => {
        let bytes: Uint8Array;
        try {
          bytes = encodeSafetensors({ w: anything as NamedArrays[string] });
        } catch (error) {
          expect(error).toEqual(refusal('"w"'));
          counts.refused++;
          return;
        }
        expect(decodeSafetensors(bytes).arrays.w).toEqual(anything);
        counts.read++;
      }),
      { ...seeded, numRuns: 2000 },
    );
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(10);
  });

  it.each<[string, unknown, unknown]>([
    ['a Map of arrays', new Map([['w', weights.eta]]), {}],
    ['a list of arrays', [weights.eta], {}],
    ['no arrays', null, {}],
    ['a text for metadata', {}, 'epoch 3'],
    ['a number for metadata', {}, 3],
    ['null for metadata', {}, null],
  ])('or refused: %s', (_, arrays, metadata) => {
    const encode = () => encodeSafetensors(arrays as NamedArrays, metadata as Record<string, string>);
    expect(encode).toThrow(refusal('are not an object: give an object with one'));
  });
});

describe('encodeSafetensors', () => {
  const one = { shape: [1], values: Float32Array.of(1) };
  it.each<[string, () => unknown, string]>([
    ['too few values', () => encodeSafetensors({ w: { shape: [2, 3], values: new Float32Array(5) } }), '[2,3] has 5'],
    ['a negative length', () => encodeSafetensors({ w: { shape: [-1, -1], values: new Float32Array(1) } }), '[-1,-1]'],
    ['a fraction', () => encodeSafetensors({ w: { shape: [0.5, 2], values: new Float32Array(1) } }), '[0.5,2]'],
    [
      '65 axes',
      () => encodeSafetensors({ w: { shape: new Array(65).fill(1), values: new Float32Array(1) } }),
      '64 len',
    ],
    ['the reserved name', () => encodeSafetensors({ __metadata__: one }), '__metadata__'],
    ['half a surrogate pair', () => encodeSafetensors({ '\ud800': one }), 'Unicode'],
    ['it in metadata', () => encodeSafetensors({}, { note: '\udc00' }), '"note"'],
    ['a long header', () => encodeSafetensors({}, { note: 'x'.repeat(1e8) }), '100000000'],
  ])('refuses %s', (_, encode, message) => {
    expect(encode).toThrow(refusal(message));
  });

  it('refuses values of another type, which plain JavaScript can pass', () => {
    const values = [1] as unknown as Float32Array;
    expect(() => encodeSafetensors({ w: { shape: [1], values } })).toThrow('"w" are not a Float32Array');
    expect(() => encodeSafetensors({}, { epoch: 3 as unknown as string })).toThrow('"epoch" is not Unicode text');
  });

  it.each([
    ['BF16', "'BF16'"],
    ['toString', "'toString'"],
    [null, 'null'],
  ])('refuses the number type %s, also where there is no array', (dtype, text) => {
    expect(() => encodeSafetensors({}, {}, { dtype: dtype as 'F32' })).toThrow(
      new SafetensorsError(`The number type of a safetensors file is ${text}: use F32 or F16.`),
    );
  });

  it('writes and reads arrays of another realm', () => {
    const values = runInNewContext('Float32Array.of(1, -2)') as Float32Array;
    expect(values).not.toBeInstanceOf(Float32Array);
    const bytes = encodeSafetensors({ w: { shape: [2], values } });
    const elsewhere = runInNewContext('Uint8Array.from(bytes)', { bytes }) as Uint8Array;
    expect([...decodeSafetensors(elsewhere).arrays.w!.values]).toEqual([1, -2]);
  });
});

describe('half precision', () => {
  it('is half as large, and gives back the nearest halves', () => {
    const array = { shape: [4], values: Float32Array.of(1 / 3, -2, 65504, 1e-9) };
    const { arrays, metadata } = decodeSafetensors(encodeSafetensors({ w: array }, { epoch: '3' }, { dtype: 'F16' }));
    expect({ ...arrays }).toEqual({ w: { shape: [4], values: Float32Array.of(0.333251953125, -2, 65504, 0) } });
    expect({ ...metadata }).toEqual({ epoch: '3' });
    const sizes = (['F32', 'F16'] as const).map((dtype) => encodeSafetensors(weights, {}, { dtype }).length);
    expect(sizes[0]! - sizes[1]!).toBe(2 * 8);
  });

  it('keeps what is infinite or NaN, and refuses a finite value that would become so', () => {
    const special = { shape: [2], values: Float32Array.of(Number.NEGATIVE_INFINITY, Number.NaN) };
    expect(decodeSafetensors(encodeSafetensors({ w: special }, {}, { dtype: 'F16' })).arrays.w).toEqual(special);
    const large = { shape: [1], values: Float32Array.of(-65520) };
    expect(() => encodeSafetensors({ w: large }, {}, { dtype: 'F16' })).toThrow(
      'The array "w" has the value -65520, beyond half precision\'s ±65504: write it as F32.',
    );
  });
});

describe('decodeSafetensors', () => {
  it('reads F64, F16 and BF16 as float32, tensors in any order of the file', () => {
    const data = new DataView(new ArrayBuffer(12));
    data.setFloat64(0, 0.1, true);
    data.setUint16(8, 0x3c00, true);
    data.setUint16(10, 0xbf80, true);
    const header = `{"b":${tensor('BF16', [1], 10, 12)}, "h":${tensor('F16', [1, 1], 8, 10)},\n"d":${tensor('F64', [], 0, 8)}}`;
    const { arrays } = decodeSafetensors(file(header, new Uint8Array(data.buffer)));
    expect({ ...arrays }).toEqual({
      b: { shape: [1], values: Float32Array.of(-1) },
      h: { shape: [1, 1], values: Float32Array.of(1) },
      d: { shape: [], values: Float32Array.of(Math.fround(0.1)) },
    });
  });

  const four = new Uint8Array(4);
  const eight = new Uint8Array(8);
  const w = (shape: number[], begin: number, end: number) => `{"w":${tensor('F32', shape, begin, end)}}`;
  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'has 0 bytes where'],
    ['a header beyond the end', file(w([1], 0, 4)).subarray(0, 30), 'but only 22 bytes follow: it is truncated'],
    ['a header of 2⁶⁴ − 1 bytes', new Uint8Array(16).fill(0xff), 'more bytes than the format'],
    ['missing data', file(w([2], 0, 8), four), 'declares 8 bytes of data but holds 4: it is truncated'],
    ['trailing bytes', file(w([1], 0, 4), eight), 'holds 8: it has bytes at its end'],
    ['a repeated name', file(`{"w":${tensor('F32', [0], 0, 0)},"w":${tensor('F32', [1], 0, 4)}}`, four), '"w" twice'],
    ['a repeated field', file('{"w":{"shape":[0],"shape":[0]}}'), '"shape" twice'],
    ['overlapping tensors', file(`{"a":${tensor('F32', [1], 0, 4)},"b":${tensor('F32', [1], 0, 4)}}`, four), 'overlap'],
    ['a gap', file(w([1], 4, 8), eight), 'byte 0 comes next'],
    ['swapped offsets', file(w([1], 4, 0), four), 'bytes 4 to 0'],
    ['a shape beyond its bytes', file(w([2], 0, 4), four), 'with its 2 elements'],
    ['a shape that overflows', file(w([2 ** 32, 2 ** 32], 0, 0)), 'too many elements'],
    ['an overflow hidden by a zero', file(w([2 ** 52, 2 ** 52, 0], 0, 0)), 'too many elements'],
    ['a length beyond 2⁵³', file('{"w":{"dtype":"F32","shape":[9007199254740992],"data_offsets":[0,0]}}'), 'integer'],
    ['a negative length', file(w([-1], 0, 4), four), 'an integer'],
    ['65 axes', file(w(new Array(65).fill(1), 0, 4), four), 'where "]" belongs'],
    ['a fraction', file(w([1.5], 0, 4), four), 'an integer'],
    ['a leading zero', file('{"w":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}', four), 'an integer'],
    ['another type', file(`{"w":${tensor('I32', [1], 0, 4)}}`, four), 'type "I32"'],
    ['a missing field', file('{"w":{"dtype":"F32","shape":[0]}}'), 'lacks its dtype'],
    ['three offsets', file('{"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0,0]}}'), 'two data_offsets'],
    ['an unknown field', file('{"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":1}}'), 'field "x"'],
    ['metadata of numbers', file('{"__metadata__":{"epoch":3}}'), 'a string belongs'],
    ['an array for a header', file('[]'), 'header has "["'],
    ['nesting without end', file('['.repeat(100_000)), 'header has "["'],
    ['text behind the header', file('{}{}'), 'where its end belongs'],
    ['an unclosed string', file('{"w'), 'Unicode text'],
    ['half a surrogate pair', file('{"\\ud800":{}}'), 'Unicode text'],
    ['a byte order mark', file('\ufeff{}'), 'header has'],
    ['what is not UTF-8', file('{}').with(9, 0xff), 'not UTF-8'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(refusal(message));
  });

  it('refuses bytes of another type, which plain JavaScript can pass', () => {
    expect(() => decodeSafetensors(new ArrayBuffer(8) as unknown as Uint8Array)).toThrow('not given as a Uint8Array');
  });

  it('cuts a long name in a message', () => {
    const shape = ['1'.repeat(1e6)] as unknown as number[];
    expect(() => encodeSafetensors({ w: { shape, values: new Float32Array(1) } })).toThrow(/^.{1,200}$/);
    const bytes = file(`{"${'n'.repeat(10_000)}":{}}`);
    expect(() => decodeSafetensors(bytes)).toThrow(/^.{1,200}$/);
  });
});

/** What a damaged file gives: 'refused', or 'read' for a consistent result. Anything else fails the test. */
function outcome(bytes: Uint8Array): 'read' | 'refused' {
  try {
    const { arrays } = decodeSafetensors(bytes);
    let values = 0;
    for (const array of Object.values(arrays)) {
      expect(array.values.length).toBe(array.shape.reduce((product, n) => product * n, 1));
      values += array.values.length;
    }
    expect(2 * values).toBeLessThanOrEqual(bytes.length);
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(SafetensorsError);
    return 'refused';
  }
}

const sound = encodeSafetensors(weights, { epoch: '3', 'néw "line"\n': '__proto__' });
const dataBytes = 4 * Object.values(weights).reduce((sum, { values }) => sum + values.length, 0);
const soundHeader = new TextDecoder().decode(sound.subarray(8, sound.length - dataBytes));
const soundData = sound.subarray(sound.length - dataBytes);

/** Pieces that a header is spoilt with. */
const morsel = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u',
    '-',
    '.',
    'e9',
    '0',
    '4',
    '9'.repeat(20),
    'null',
    ' ',
  ),
  fc.constantFrom('"__proto__"', '"__metadata__"', '"eta"', '"F16"', '"F64"', '"I64"', '"shape"', '[0,0]', '\ufeff'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

/** A cut of up to 8 characters anywhere in the header, filled with a morsel. */
const spoiltHeader = fc
  .array(fc.tuple(fc.nat({ max: soundHeader.length }), fc.nat({ max: 8 }), morsel), { minLength: 1, maxLength: 3 })
  .map((cuts) =>
    cuts.reduce((text, [at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length), soundHeader),
  );

/** A header whose numbers and types are replaced one by one. */
const renumberedHeader = fc
  .array(fc.tuple(fc.nat({ max: 40 }), fc.constantFrom('0', '1', '2', '3', '4', '8', '12', '16', '4294967296', '1e3')))
  .map((changes) => {
    const replacement = new Map(changes);
    let index = 0;
    return soundHeader.replace(/(?<=[[,])\d+/g, (digits) => replacement.get(index++) ?? digits);
  });

describe('decodeSafetensors of a damaged file', () => {
  it('refuses every truncation', () => {
    for (let length = 0; length < sound.length; length++) expect(outcome(sound.subarray(0, length))).toBe('refused');
  });

  it('reads or refuses every flipped bit', () => {
    const outcomes = Array.from({ length: 8 * sound.length }, (_, bit) =>
      outcome(sound.with(bit >> 3, sound[bit >> 3]! ^ (1 << (bit & 7)))),
    );
    const inData = outcomes.slice(-8 * dataBytes);
    expect(inData.every((result) => result === 'read')).toBe(true);
    expect(outcomes.filter((result) => result === 'refused').length).toBeGreaterThan(1000);
  });

  it('reads or refuses 10,000 spoilt headers', () => {
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(spoiltHeader, renumberedHeader), (header) => {
        counts[outcome(file(header, soundData))]++;
      }),
      { ...seeded, numRuns: 10_000 },
    );
    expect(counts.read + counts.refused).toBe(10_000);
    expect(counts.refused).toBeGreaterThan(5000);
    expect(counts.read).toBeGreaterThan(100);
  });

  it('reads or refuses 5,000 files of random bytes behind a true length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 40 }), (header, data) => {
        outcome(file(header, data));
      }),
      { ...seeded, numRuns: 5000 },
    );
  });
});

const python = process.env.PYTHON ?? 'python3';
const hasPeer = spawnSync(python, ['-c', 'import safetensors.numpy']).status === 0;

/** Runs a Python program on input bytes; returns its standard output. */
function runPython(program: string, input: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(python, ['-c', program], { input, maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`python failed: ${stderr}`);
  return stdout;
}

describe.skipIf(!hasPeer)('the reference library (needs python3 with safetensors and numpy)', () => {
  it('reads what is written here', () => {
    const program = `
import sys, json
from safetensors.numpy import load
arrays = load(sys.stdin.buffer.read())
print(json.dumps({k: [str(v.dtype), list(v.shape), v.ravel().tolist()] for k, v in arrays.items()}))`;
    const read = JSON.parse(runPython(program, sound).toString());
    const expected = Object.entries(weights).map(([name, { shape, values }]) => [
      name,
      ['float32', shape, Array.from(values)],
    ]);
    expect(read).toEqual(Object.fromEntries(expected));
  });

  it('reads half precision as it is written here', () => {
    const program = `
import sys, json
from safetensors.numpy import load
arrays = load(sys.stdin.buffer.read())
print(json.dumps({k: [str(v.dtype), list(v.shape), v.ravel().astype("f4").tolist()] for k, v in arrays.items()}))`;
    const bytes = encodeSafetensors(weights, {}, { dtype: 'F16' });
    const expected = Object.entries(decodeSafetensors(bytes).arrays).map(([name, { shape, values }]) => [
      name,
      ['float16', shape, Array.from(values)],
    ]);
    expect(JSON.parse(runPython(program, bytes).toString())).toEqual(Object.fromEntries(expected));
  });

  it('agrees on files of many names, whoever writes them', () => {
    const program = `
import sys
from safetensors.numpy import load, save
arrays = load(sys.stdin.buffer.read())
assert len(arrays) == 20000
sys.stdout.buffer.write(save({**arrays, "last": arrays["step/7"]}))`;
    const { arrays } = decodeSafetensors(runPython(program, encodeSafetensors(scalars(20_000))));
    expect(Object.keys(arrays).length).toBe(20_001);
    expect(arrays.last).toEqual({ shape: [], values: Float32Array.of(7) });
  });

  it('writes what is read here', () => {
    const program = `
import sys
import numpy as np
from safetensors.numpy import save
sys.stdout.buffer.write(save({
  "w": np.arange(6, dtype=np.float32).reshape(2, 3), "é": np.array(0.1), "h": np.array([1/3, 65504, 6e-8], np.float16),
  "empty": np.zeros((0, 2), np.float32)}, {"epoch": "3"}))`;
    const { arrays, metadata } = decodeSafetensors(runPython(program, new Uint8Array(0)));
    expect({ ...arrays }).toEqual({
      w: { shape: [2, 3], values: Float32Array.of(0, 1, 2, 3, 4, 5) },
      é: { shape: [], values: Float32Array.of(Math.fround(0.1)) },
      h: { shape: [3], values: Float32Array.of(0.333251953125, 65504, 2 ** -24) },
      empty: { shape: [0, 2], values: new Float32Array(0) },
    });
    expect({ ...metadata }).toEqual({ epoch: '3' });
  });

  it('writes the very same bytes', () => {
    const program = `
import sys
from safetensors.numpy import load, save
sys.stdout.buffer.write(save(load(sys.stdin.buffer.read()), {"epoch": "3"}))`;
    const bytes = encodeSafetensors(weights, { epoch: '3' });
    expect(new Uint8Array(runPython(program, bytes))).toEqual(bytes);
  });

  it('reads every damaged file that is read here', () => {
    const headers = fc.sample(fc.oneof(spoiltHeader, renumberedHeader), { ...seeded, numRuns: 4000 });
    const accepted = headers
      .map((header) => file(header, soundData))
      .filter((bytes) => outcome(bytes) === 'read')
      .map((bytes) => Buffer.from(bytes).toString('base64'));
    const program = `
import sys, base64
from safetensors import deserialize
for line in sys.stdin: deserialize(base64.b64decode(line))`;
    expect(accepted.length).toBeGreaterThan(100);
    expect(() => runPython(program, Buffer.from(accepted.join('\n')))).not.toThrow();
  });
});
