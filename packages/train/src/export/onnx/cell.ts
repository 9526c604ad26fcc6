import type { NemShape, NetworkShape, RnnEmShape } from '@nem/core';
import { graphFormulas } from './formulas.js';
import type { Value } from './graph-builder.js';
import { addStack, constant, linear, normActivation, type Place } from './layers.js';

/** The new ψ and h of the rows, one for each component of each input. */
interface CellValues {
  /** [rows, pixels]. */
  readonly psi: Value;
  /** [rows, M]. */
  readonly hidden: Value;
}

/** RNN-EM: input layers, the recurrent layer, output layers (method, sections 1 and 4). */
function addRnnEm(place: Place, { input, recurrent, output }: RnnEmShape, masked: Value, hidden: Value): CellValues {
  const joined = place.graph.add('Concat', [addStack(place, input, masked), hidden], { axis: 1 });
  const z = linear(place, 'recurrent', joined);
  const { activation } = recurrent.spec;
  return {
    psi: addStack(place, output, normActivation(place, 'recurrent', recurrent.spec, z)),
    hidden: normActivation(place, 'recurrent', { activation }, z),
  };
}

/** N-EM: θ ← θ + η · s(1 − s) · ((γ ⊙ (x̃ − ψ)) W), ψ = sigmoid(sigmoid(θ) Wᵀ), s = sigmoid(θ) (method, section 1). */
function addNem(place: Place, _shape: NemShape, masked: Value, theta: Value): CellValues {
  const { graph } = place;
  const a = graphFormulas(graph);
  const weights = constant(place, 'nem.weights');
  const squashed = a.sigmoid(theta);
  const ascent = graph.add('MatMul', [masked, weights]);
  const rate = a.mul(squashed, a.sub(1, squashed));
  const hidden = a.add(theta, a.mul(a.mul(rate, ascent), constant(place, 'nem.step')));
  return { psi: a.sigmoid(graph.add('Gemm', [a.sigmoid(hidden), weights], { transB: 1 })), hidden };
}

/**
 * The M-step as operations.
 * @param masked γ ⊙ (x̃ − ψ), [rows, pixels]
 * @param hidden h, [rows, M]
 */
export function addCell(place: Place, shape: NetworkShape, masked: Value, hidden: Value): CellValues {
  switch (shape.type) {
    case 'rnn-em':
      return addRnnEm(place, shape, masked, hidden);
    case 'n-em':
      return addNem(place, shape, masked, hidden);
    default:
      return shape satisfies never;
  }
}
