import { expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { encodeNpy, parseNpy } from './npy.js';

it('goes through a file, whose data begin at a multiple of 64', () => {
  const floats = Float32Array.from({ length: 24 }, (_, i) => i / 7);
  const file = encodeNpy([2, 3, 4], floats);
  expect((file.length - 96) % 64).toBe(0);
  expect(parseNpy(file)).toEqual({ shape: [2, 3, 4], values: floats, boolean: false });
  const bytes = Uint8Array.of(3, 1, 2);
  expect(parseNpy(encodeNpy([3], bytes))).toEqual({ shape: [3], values: bytes, boolean: false });
});

/** A file as NumPy writes it. */
function file(header: string, data: number): Uint8Array {
  const text = `${header.padEnd(117)}\n`;
  return Uint8Array.of(
    0x93,
    ...[...'NUMPY'].map((c) => c.charCodeAt(0)),
    1,
    0,
    text.length,
    0,
    ...Buffer.from(text),
    ...new Array(data).fill(1),
  );
}

it('reads truth values and double precision', () => {
  const truth = parseNpy(file("{'descr': '|b1', 'fortran_order': False, 'shape': (2, 2), }", 4));
  expect(truth).toEqual({ shape: [2, 2], values: Uint8Array.of(1, 1, 1, 1), boolean: true });
  expect(parseNpy(file("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 8)).values).toBeInstanceOf(
    Float64Array,
  );
});

it.each([
  ['no header', new Uint8Array(5), 'the NumPy file has no readable header: write it with numpy.save.'],
  [
    'another type',
    file("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", 8),
    'the NumPy file has values of type <i8',
  ],
  [
    'another order',
    file("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2), }", 4),
    'the NumPy file is in column-major order',
  ],
  [
    'missing data',
    file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 9),
    'of shape [2, 2] has 9 bytes of data where it takes 16',
  ],
])('refuses %s', (_, bytes, sentence) => {
  expect(() => parseNpy(bytes)).toThrow(UsageError);
  expect(() => parseNpy(bytes)).toThrow(sentence);
});
