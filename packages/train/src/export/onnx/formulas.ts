import type { Algebra } from '@nem/core';
import type { GraphBuilder, Value } from './graph-builder.js';
import { ELEMENTS } from './messages.js';

/** The model's formulas as operations of a graph. */
export function graphFormulas(graph: GraphBuilder): Algebra<Value> {
  const value = (operand: Value | number) => (typeof operand === 'number' ? graph.number(operand) : operand);
  const binary = (operation: string) => (a: Value | number, b: Value | number) =>
    graph.add(operation, [value(a), value(b)]);
  const unary = (operation: string) => (a: Value) => graph.add(operation, [a]);
  /** 1 where a comparison holds, else 0. */
  const holds = (operation: string, a: Value, b: number) =>
    graph.add('Cast', [binary(operation)(a, b)], { to: ELEMENTS.float32 });
  return {
    add: binary('Add'),
    sub: binary('Sub'),
    mul: binary('Mul'),
    div: binary('Div'),
    neg: unary('Neg'),
    square: (a) => graph.add('Mul', [a, a]),
    exp: unary('Exp'),
    log: unary('Log'),
    min: binary('Min'),
    clip: (a, low, high) => graph.add('Clip', [a, value(low), value(high)]),
    within: (a, low, high) => graph.add('Mul', [holds('GreaterOrEqual', a, low), holds('LessOrEqual', a, high)]),
    positive: (a) => holds('Greater', a, 0),
    sigmoid: unary('Sigmoid'),
    tanh: unary('Tanh'),
    relu: unary('Relu'),
    elu: unary('Elu'),
  };
}
