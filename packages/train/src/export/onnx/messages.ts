import { encodeMessage, type FieldTable } from './protobuf.js';

// The part of ONNX that a network takes: onnx.proto of https://github.com/onnx/onnx, whose field numbers never change.

/** The fields of a value of type T. */
type FieldsOf<T> = { readonly [K in keyof Required<T>]: FieldTable[string] };

/** Numbers for types of elements: TensorProto.DataType. */
export const ELEMENTS = { float32: 1, int64: 7 } as const;

/** Numbers for types of attributes: AttributeProto.AttributeType. */
export const ATTRIBUTES = { integer: 2, text: 3, integers: 7 } as const;

/** TensorProto: an array that is stored. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly elements: number;
  /** Little-endian, row-major. */
  readonly data: Uint8Array;
}

const tensor = {
  shape: [1, 'integer'],
  elements: [2, 'integer'],
  name: [8, 'text'],
  data: [9, 'bytes'],
} as const satisfies FieldsOf<Tensor>;

/** AttributeProto: a constant of an operation. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly integer?: number;
  readonly text?: string;
  readonly integers?: readonly number[];
}

const attribute = {
  name: [1, 'text'],
  integer: [3, 'integer'],
  text: [4, 'text'],
  integers: [8, 'integer'],
  type: [20, 'integer'],
} as const satisfies FieldsOf<Attribute>;

/** NodeProto: an operation. */
export interface Node {
  readonly operation: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly Attribute[];
}

const node = {
  inputs: [1, 'text'],
  outputs: [2, 'text'],
  name: [3, 'text'],
  operation: [4, 'text'],
  attributes: [5, attribute],
} as const satisfies FieldsOf<Node>;

/** A length that is known, or the name of one that is the caller's. */
interface Dimension {
  readonly length?: number;
  readonly name?: string;
}

/** ValueInfoProto: an input or an output. */
export interface Value {
  readonly name: string;
  readonly description: string;
  readonly type: { readonly tensor: { readonly elements: number; readonly shape: { readonly axes: Dimension[] } } };
}

const dimension = { length: [1, 'integer'], name: [2, 'text'] } as const satisfies FieldsOf<Dimension>;
const tensorType = { elements: [1, 'integer'], shape: [2, { axes: [1, dimension] }] } as const;
const value = {
  name: [1, 'text'],
  type: [2, { tensor: [1, tensorType] }],
  description: [3, 'text'],
} as const satisfies FieldsOf<Value>;

/** GraphProto. */
interface Graph {
  readonly name: string;
  readonly description: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly constants: readonly Tensor[];
}

const graph = {
  nodes: [1, node],
  name: [2, 'text'],
  constants: [5, tensor],
  description: [10, 'text'],
  inputs: [11, value],
  outputs: [12, value],
} as const satisfies FieldsOf<Graph>;

/** ModelProto: a file. */
interface Model {
  readonly producer: string;
  /** Of the format: IR_VERSION. */
  readonly version: number;
  readonly operators: readonly { readonly version: number }[];
  readonly graph: Graph;
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
}

const model = {
  version: [1, 'integer'],
  producer: [2, 'text'],
  graph: [7, graph],
  operators: [8, { version: [2, 'integer'] }],
  metadata: [14, { key: [1, 'text'], value: [2, 'text'] }],
} as const satisfies FieldsOf<Model>;

/** The bytes of an ONNX file. */
export const encodeModel = (file: Model): Uint8Array => encodeMessage(model, file);
