import { type ModelDescription, type NamedArrays, SafetensorsError } from '@nem/core';
import { option, RunError, UsageError } from '../errors.js';
import { sealSafetensors } from '../run/checkpoint.js';
import { onnxStep } from './onnx/onnx-step.js';

/** A trained network. */
export interface Trained {
  readonly model: ModelDescription;
  readonly parameters: NamedArrays;
  /** The network, and how it was trained, as the file of its weights has them. */
  readonly metadata: Record<string, string>;
}

/** A form that a trained network is written in. */
interface ExportFormat {
  /**
   * The bytes of the file.
   * @param half whether in half precision
   * @throws RunError where the form cannot hold the network, UsageError where it has no half precision
   */
  encode(trained: Trained, half: boolean): Uint8Array;
}

/** Every form. */
export const FORMATS = {
  safetensors: {
    encode({ parameters, metadata }, half) {
      try {
        return sealSafetensors(parameters, metadata, { dtype: half ? 'F16' : 'F32' });
      } catch (error) {
        if (!(error instanceof SafetensorsError)) throw error;
        throw new RunError(error.message);
      }
    },
  },
  onnx: {
    encode({ model, parameters, metadata }, half) {
      if (half)
        throw new UsageError('only safetensors files can be in half precision', ['leave out ', option('half'), '.']);
      return onnxStep(model, parameters, metadata);
    },
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type FormatName = keyof typeof FORMATS;
