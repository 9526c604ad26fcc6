import type { Activation } from '@nem/core/spec';
import { elementwise, type Kernel } from '../plan/kernel.js';
import { activationCode } from './activation.js';

/** dz = dy · slope(y), and for the recurrent layer dz = (dy + dh) · slope(y), dh counting where extra(0) is 1. */
export function activationGradient(activation: Activation, count: number, recurrent: boolean): Kernel {
  return elementwise({
    name: 'activation gradient',
    buffers: { dy: 'read', y: 'read', dz: 'read_write', ...(recurrent ? { dh: 'read' as const } : {}) },
    count,
    body: `  var g = dy(i);
  ${recurrent ? 'if (extra(0) == 1u) { g += dh(i); }' : ''}
  set_dz(i, g * slope(y(i)));`,
    helpers: activationCode(activation),
  });
}
