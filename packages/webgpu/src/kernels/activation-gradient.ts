import type { Activation } from '@nem/core';
import { type ElementwiseSpec, elementwise, type Kernel } from '../plan/kernel.js';
import { activationCode } from './formulas.js';

/** What both kernels share: everything except their bindings. @param carried WGSL that adds to the gradient g */
const common = (
  activation: Activation,
  count: number,
  carried: string,
): Omit<ElementwiseSpec<never, never>, 'bindings' | 'arguments'> => ({
  name: 'activation gradient',
  count,
  body: `  var g = dy(i);
  ${carried}
  set_dz(i, g * slope(y(i)));`,
  helpers: activationCode(activation),
});

/** dz = dy · slope(y). */
export function activationGradient(activation: Activation, count: number): Kernel<'dy' | 'y' | 'dz'> {
  return elementwise({
    ...common(activation, count, ''),
    bindings: { dy: 'read', y: 'read', dz: 'read_write' },
  });
}

/** For the recurrent layer: dz = (dy + dh) · slope(y), dh counting where `has_next` is 1. */
export function recurrentActivationGradient(
  activation: Activation,
  count: number,
): Kernel<'dy' | 'y' | 'dz' | 'dh', 'has_next'> {
  return elementwise({
    ...common(activation, count, 'if (has_next() == 1u) { g += dh(i); }'),
    bindings: { dy: 'read', y: 'read', dz: 'read_write', dh: 'read' },
    arguments: ['has_next'],
  });
}
