import {
  type EmStepSpec,
  elements,
  LIKELIHOOD_EPSILON,
  type NamedArrays,
  networkShape,
  pixelDistribution,
  requireParameters,
} from '@nem/core';
import { addCell } from './cell.js';
import { graphFormulas } from './formulas.js';
import { GraphBuilder, type Value as GraphValue } from './graph-builder.js';
import { asRows, type Place } from './layers.js';
import { ELEMENTS, encodeModel, type Value } from './messages.js';

/** Of the file format, and of the operations: from 2022, for every runtime since onnxruntime 1.14. */
const IR_VERSION = 8;
const OPERATORS = 18;

const DESCRIPTION = `One step of Neural Expectation Maximization, which groups the pixels of images into objects.
Start with psi and hidden 0 (psi: initialPrediction of the metadata entry "model", if it has one) and gamma random: |N(0, 1)| for each
component and pixel, divided by its sum over the components. Give each frame of a sequence as frame and the one after it as next_frame, of
a still image the same one as both; the outputs next_psi, next_gamma and next_hidden are psi, gamma and hidden of the next step. The
component of the largest gamma is a pixel's group.`;

/** A value of the caller's batch and components. */
function value(name: string, description: string, shape: readonly (number | string)[]): Value {
  const axes = shape.map((axis) => (typeof axis === 'number' ? { length: axis } : { name: axis }));
  return { name, description, type: { tensor: { elements: ELEMENTS.float32, shape: { axes } } } };
}

/** γ_{i,k} = (P(x_i | ψ_{i,k}) + 1e-6) / Σ_j (P(x_i | ψ_{i,j}) + 1e-6) (method, section 1), of images with an axis of components. */
function addEStep(graph: GraphBuilder, { mixture }: EmStepSpec, clean: GraphValue, psi: GraphValue): void {
  const a = graphFormulas(graph);
  const weights = a.add(pixelDistribution(mixture).likelihood(a, clean, psi), LIKELIHOOD_EPSILON);
  const evidence = graph.add('ReduceSum', [weights, graph.integers([1])], { keepdims: 1 });
  graph.add('Div', [weights, evidence], {}, 'next_gamma');
}

/** The operations of a step, from the inputs to the outputs by their names. */
function addStep(place: Place, spec: EmStepSpec): void {
  const { graph } = place;
  const pixels = elements(spec.image);
  const shape = networkShape(spec.network, pixels);
  const componentAxis = graph.integers([1]);
  const corrupted = graph.add('Unsqueeze', ['frame', componentAxis]);
  const masked = graph.add('Mul', ['gamma', graph.add('Sub', [corrupted, 'psi'])]);
  const cell = addCell(place, shape, asRows(place, masked, pixels), asRows(place, 'hidden', shape.hiddenSize));
  /** Rows in the shape of an input. */
  const shapedAs = (like: string, rows: GraphValue, output: string) =>
    graph.add('Reshape', [rows, graph.add('Shape', [like])], {}, output);
  const psi = shapedAs('psi', cell.psi, 'next_psi');
  shapedAs('hidden', cell.hidden, 'next_hidden');
  addEStep(graph, spec, graph.add('Unsqueeze', ['next_frame', componentAxis]), psi);
}

/**
 * One step of a trained network as an ONNX file, for any batch and any number of components K: `frame` (x̃ of the step) and
 * `next_frame` (x of the next), both [batch, height, width], with `psi` and `gamma`, [batch, components, height, width], and `hidden`,
 * [batch, components, M], of the step before give `next_psi`, `next_gamma` and `next_hidden` (method, section 2, lines 1 to 3).
 * @param metadata of the file, e.g. what `modelMetadata` gives
 * @throws NetworkError where the network cannot be built or the parameters are not its own; RangeError for the mixture
 */
export function onnxStep(
  spec: EmStepSpec,
  parameters: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const shape = networkShape(spec.network, elements(spec.image));
  requireParameters(shape.parameters, parameters);
  const graph = new GraphBuilder();
  addStep({ graph, parameter: (name) => parameters[name]! }, spec);
  const frame = ['batch', ...spec.image];
  const images = ['batch', 'components', ...spec.image];
  const states = ['batch', 'components', shape.hiddenSize];
  return encodeModel({
    version: IR_VERSION,
    producer: 'nem',
    operators: [{ version: OPERATORS }],
    metadata: Object.entries(metadata).map(([key, text]) => ({ key, value: text })),
    graph: {
      name: 'nem_step',
      description: DESCRIPTION,
      inputs: [
        value('frame', 'The frame of this step, perhaps with noise; pixels from 0 to 1.', frame),
        value('next_frame', 'The frame that this step predicts; of a still image the same.', frame),
        value('psi', 'Predictions of the step before.', images),
        value('gamma', 'Assignment of the step before; sums to 1 over the components.', images),
        value('hidden', 'Hidden states of the step before.', states),
      ],
      outputs: [
        value('next_psi', 'Predictions of the next frame.', images),
        value('next_gamma', 'Assignment of the pixels of the next frame.', images),
        value('next_hidden', 'Hidden states.', states),
      ],
      nodes: graph.nodes,
      constants: graph.constants,
    },
  });
}
