import type { NamedArray } from '@nem/core';
import { ATTRIBUTES, type Attribute, ELEMENTS, type Node, type Tensor } from './messages.js';

/** A value of the graph, by its name. */
export type Value = string & { readonly __value?: never };

/** A constant of an operation; a number is an integer. */
type Constant = number | string | readonly number[];

function attribute(name: string, constant: Constant): Attribute {
  if (typeof constant === 'string') return { name, type: ATTRIBUTES.text, text: constant };
  if (typeof constant === 'number') return { name, type: ATTRIBUTES.integer, integer: constant };
  return { name, type: ATTRIBUTES.integers, integers: constant };
}

/** The bytes of an array, little-endian on any machine. */
function littleEndian<T>(
  values: Iterable<T> & { readonly length: number },
  size: number,
  write: (view: DataView, at: number, value: T) => void,
) {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const value of values) {
    write(view, at, value);
    at += size;
  }
  return bytes;
}

/** Puts operations and constants together into a graph. A number or a shape that comes twice is stored once. */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly #constants = new Map<string, Tensor>();

  get constants(): readonly Tensor[] {
    return [...this.#constants.values()];
  }

  /**
   * An operation of ONNX.
   * @param output the name of its result. Default: a name of its own
   */
  add(
    operation: string,
    inputs: readonly Value[],
    constants: Readonly<Record<string, Constant>> = {},
    output?: Value,
  ): Value {
    const name = `${operation}_${this.nodes.length}`;
    const result = output ?? name;
    const attributes = Object.entries(constants).map(([key, constant]) => attribute(key, constant));
    this.nodes.push({ operation, name, inputs, outputs: [result], attributes });
    return result;
  }

  /** A number, single precision. */
  number(value: number): Value {
    return this.array(`number_${value}`, { shape: [], values: Float32Array.of(value) });
  }

  /** An array, single precision. */
  array(name: string, { shape, values }: NamedArray): Value {
    const data = () => littleEndian(values, 4, (view, at, value) => view.setFloat32(at, value, true));
    return this.#constant(name, ELEMENTS.float32, shape, data);
  }

  /** A list of integers, such as a shape or axes. */
  integers(values: readonly number[]): Value {
    const data = () => littleEndian(values, 8, (view, at, value) => view.setBigInt64(at, BigInt(value), true));
    return this.#constant(`integers_${values.join('_')}`, ELEMENTS.int64, [values.length], data);
  }

  #constant(name: string, elements: number, shape: readonly number[], data: () => Uint8Array): Value {
    if (!this.#constants.has(name)) this.#constants.set(name, { name, elements, shape, data: data() });
    return name;
  }
}
