import { elements, type NamedArrays, type ParameterSpec } from '@nem/core';

/** Memory that all threads see; each holds all parameters one after the other, in the network's order. */
export interface SharedBuffers {
  readonly parameters: SharedArrayBuffer;
  readonly m: SharedArrayBuffer;
  readonly v: SharedArrayBuffer;
  /** One slot a worker. */
  readonly gradients: readonly [SharedArrayBuffer, ...SharedArrayBuffer[]];
}

const numbers = (specs: readonly ParameterSpec[]) => specs.reduce((sum, { shape }) => sum + elements(shape), 0);

/** Room for a network's parameters, Adam's moments and the gradients of `workers` workers (1 or more), all 0. */
export function allocateShared(specs: readonly ParameterSpec[], workers: number): SharedBuffers {
  const buffer = () => new SharedArrayBuffer(numbers(specs) * Float32Array.BYTES_PER_ELEMENT);
  const others = Array.from({ length: workers - 1 }, buffer);
  return { parameters: buffer(), m: buffer(), v: buffer(), gradients: [buffer(), ...others] };
}

/** A buffer's arrays by parameter name: views, not copies. */
export function namedViews(specs: readonly ParameterSpec[], buffer: ArrayBufferLike): NamedArrays {
  let offset = 0;
  return Object.fromEntries(
    specs.map(({ name, shape }) => {
      const values = new Float32Array(buffer, offset, elements(shape));
      offset += values.byteLength;
      return [name, { shape, values }];
    }),
  );
}

/** Writes `arrays`, which have the names and shapes of `views`, into them. */
export function writeViews(views: NamedArrays, arrays: NamedArrays): void {
  for (const [name, { values }] of Object.entries(views)) values.set(arrays[name]!.values);
}

/** Adds others of the same length to `total`, one after the other. */
export function addTo(total: Float32Array, others: readonly Float32Array[]): void {
  for (const other of others) for (let i = 0; i < total.length; i++) total[i]! += other[i]!;
}

/** Part `part` of `parts` nearly equal parts of 0 … `length` − 1, as [first, end). */
export function partOf(length: number, part: number, parts: number): [number, number] {
  return [Math.floor((length * part) / parts), Math.floor((length * (part + 1)) / parts)];
}
