import { type AdamOptions, resolveAdam } from '@nem/core';
import { elementwise, float, type Kernel, SMALLEST_FLOAT } from '../plan/kernel.js';
import { RUN_NUMBERS } from './random.js';

/** One Adam update of all parameters, as @nem/core's `adamUpdate`; the run's numbers have the rate and the correction. */
export function adam(
  count: number,
  options: AdamOptions | undefined,
): Kernel<'gradient' | 'run_numbers' | 'parameter' | 'm' | 'v'> {
  const { beta1, beta2, epsilon: wanted } = resolveAdam(options);
  // As 0 it would make 0 / 0 of a parameter that has had no gradient yet.
  const epsilon = Math.max(wanted, SMALLEST_FLOAT);
  return elementwise({
    name: 'adam',
    bindings: { gradient: 'read', run_numbers: 'read u32', parameter: 'read_write', m: 'read_write', v: 'read_write' },
    count,
    // Parameter, m and v are read and written.
    words: 7 * count,
    body: `  let g = gradient(i);
  let first = ${float(beta1)} * m(i) + ${float(1 - beta1)} * g;
  let second = ${float(beta2)} * v(i) + ${float(1 - beta2)} * g * g;
  set_m(i, first);
  set_v(i, second);
  let rate = bitcast<f32>(run_numbers(${RUN_NUMBERS.adam}u));
  let correction = bitcast<f32>(run_numbers(${RUN_NUMBERS.adam + 1}u));
  set_parameter(i, parameter(i) - rate * first / (sqrt(second * correction) + ${float(epsilon)}));`,
  });
}
