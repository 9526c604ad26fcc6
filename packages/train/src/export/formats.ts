import type { ModelDescription, NamedArrays } from '@nem/core';
import { onnxStep } from './onnx/onnx-step.js';

/** A trained network. */
export interface Trained {
  readonly model: ModelDescription;
  readonly parameters: NamedArrays;
  /** The network, and how it was trained, as the file of its weights has them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A form that a trained network is written in for other programs. */
export interface ExportFormat {
  /** What the file is, for a person to read. */
  readonly what: string;
  encode(trained: Trained): Uint8Array;
}

/** Every form, by the name of the command's option. */
export const FORMATS = {
  onnx: {
    what: 'one step of the network as ONNX',
    encode: ({ model, parameters, metadata }) => onnxStep(model, parameters, metadata),
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];
