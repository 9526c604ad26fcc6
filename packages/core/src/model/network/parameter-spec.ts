import { lastAxis } from './sample-shape.js';

/** How a parameter starts (method, section 4). */
export type Initializer = 'zeros' | 'ones' | 'glorotUniform';

/** A parameter's full name, e.g. `input.1.weights`, its shape and its start. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
}

/** Gain and offset of a layer norm over `channels`, where there is one. */
function normParameters(name: string, channels: number, layerNorm = false): ParameterSpec[] {
  if (!layerNorm) return [];
  return [
    { name: `${name}.gain`, shape: [channels], initializer: 'ones' },
    { name: `${name}.offset`, shape: [channels], initializer: 'zeros' },
  ];
}

/** Weights of `shape`, whose last axis holds the outputs, then the bias and the layer norm's parameters. */
export function affineParameters(name: string, shape: readonly number[], layerNorm?: boolean): ParameterSpec[] {
  const outputs = lastAxis(shape);
  return [
    { name: `${name}.weights`, shape, initializer: 'glorotUniform' },
    { name: `${name}.bias`, shape: [outputs], initializer: 'zeros' },
    ...normParameters(name, outputs, layerNorm),
  ];
}
