import { UsageError } from '../errors.js';

/** An array of numbers in row-major order. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
  /** Whether its values are truth values. */
  readonly boolean: boolean;
}

/** NumPy's format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): magic, version, header, data. */
const MAGIC = '\x93NUMPY';
const HEADER = /'descr':\s*'([^']+)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\)/;

type Read = (view: DataView, count: number) => NumberArray['values'];
const bytes: Read = (view, count) => new Uint8Array(view.buffer, view.byteOffset, count);

const TYPES: Readonly<Record<string, { readonly size: number; readonly read: Read }>> = {
  '|u1': { size: 1, read: bytes },
  '|b1': { size: 1, read: bytes },
  '<f4': { size: 4, read: (view, n) => Float32Array.from({ length: n }, (_, i) => view.getFloat32(4 * i, true)) },
  '<f8': { size: 8, read: (view, n) => Float64Array.from({ length: n }, (_, i) => view.getFloat64(8 * i, true)) },
};

/** Where the header's text begins and ends, by the format's version. */
function headerPlace(view: DataView): [start: number, end: number] {
  if (view.byteLength < 12) return [0, 0];
  return view.getUint8(6) === 1 ? [10, 10 + view.getUint16(8, true)] : [12, 12 + view.getUint32(8, true)];
}

/**
 * Reads a NumPy file of bytes, truth values, float32 or float64.
 * @throws UsageError for a damaged file, or one of another type or order
 */
export function parseNpy(file: Uint8Array): NumberArray {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [start, end] = headerPlace(view);
  const header = HEADER.exec(new TextDecoder('latin1').decode(file.subarray(start, end)));
  if (!header) throw new UsageError('the NumPy file has no readable header', 'write it with numpy.save.');
  const [, descr = '', fortran, axes = ''] = header;
  const type = Object.hasOwn(TYPES, descr) ? TYPES[descr] : undefined;
  if (!type) {
    throw new UsageError(`the NumPy file has values of type ${descr}`, 'store it as uint8, bool, float32 or float64.');
  }
  if (fortran === 'True') {
    throw new UsageError('the NumPy file is in column-major order', 'store numpy.ascontiguousarray of it.');
  }
  const shape = axes
    .split(',')
    .filter((axis) => axis.trim() !== '')
    .map(Number);
  const count = shape.reduce((product, axis) => product * axis, 1);
  if (count * type.size !== file.length - end) {
    throw new UsageError(
      `the NumPy file of shape [${shape.join(', ')}] has ${file.length - end} bytes of data where it takes ${count * type.size}`,
      'it is truncated or damaged, write it again.',
    );
  }
  return {
    shape,
    values: type.read(new DataView(file.buffer, file.byteOffset + end), count),
    boolean: descr === '|b1',
  };
}

/** Writes a NumPy file of bytes or float32. */
export function encodeNpy(shape: readonly number[], values: Uint8Array | Float32Array): Uint8Array {
  const descr = values instanceof Uint8Array ? '|u1' : '<f4';
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  // Data begins at a multiple of 64, after a line break.
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const out = new Uint8Array(length + values.byteLength);
  const view = new DataView(out.buffer);
  out.set(new TextEncoder().encode(`${' '.repeat(10)}${text.padEnd(length - 11)}\n`));
  out.set([...MAGIC].map((character) => character.charCodeAt(0)));
  out.set([1, 0], 6);
  view.setUint16(8, length - 10, true);
  if (values instanceof Uint8Array) out.set(values, length);
  else
    values.forEach((value, i) => {
      view.setFloat32(length + 4 * i, value, true);
    });
  return out;
}
