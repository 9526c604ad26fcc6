import { elementwise, type Kernel } from '../plan/kernel.js';
import { activationCode } from './formulas.js';

/**
 * The update of θ: θ′ = θ + η · s(1 − s) · ascent with s = sigmoid(θ). θ′ is written `to_next` elements after θ, and sigmoid(θ′) to `squashed`.
 * @param stepAt where η is among the parameters
 */
export function nemUpdate(
  count: number,
  stepAt: number,
): Kernel<'theta' | 'ascent' | 'parameters' | 'squashed', 'to_next'> {
  return elementwise({
    name: 'n-em step',
    bindings: { theta: 'read_write', ascent: 'read', parameters: 'read', squashed: 'read_write' },
    arguments: ['to_next'],
    count,
    words: 4 * count,
    body: `  let s = activate(theta(i));
  let next = theta(i) + slope(s) * ascent(i) * parameters(${stepAt}u);
  set_theta(i + to_next(), next);
  set_squashed(i, activate(next));`,
    helpers: activationCode('sigmoid'),
  });
}

/**
 * The gradient of {@link nemUpdate}. It reads `decoded`, the gradient with respect to the new s, and, where `has_next` is 1, `carried`, the
 * gradient with respect to the new θ. It overwrites `carried` with the gradient with respect to the old θ and `ascent` with that with respect to
 * the ascent, and adds each element's share of the gradient with respect to η to `steps`.
 */
export function nemUpdateGradient(
  count: number,
  stepAt: number,
): Kernel<'decoded' | 'squashed' | 'theta' | 'parameters' | 'carried' | 'ascent' | 'steps', 'has_next'> {
  return elementwise({
    name: 'n-em step gradient',
    bindings: {
      decoded: 'read',
      squashed: 'read',
      theta: 'read',
      parameters: 'read',
      carried: 'read_write',
      ascent: 'read_write',
      steps: 'read_write',
    },
    arguments: ['has_next'],
    count,
    words: 9 * count,
    body: `  var hidden = decoded(i) * slope(squashed(i));
  var stepped = 0.0;
  if (has_next() == 1u) { hidden += carried(i); stepped = steps(i); }
  let s = activate(theta(i));
  let rate = slope(s); let eta = parameters(${stepAt}u); let up = ascent(i);
  set_steps(i, stepped + hidden * rate * up);
  set_carried(i, hidden + hidden * up * eta * (1.0 - 2.0 * s) * rate);
  set_ascent(i, hidden * rate * eta);`,
    helpers: activationCode('sigmoid'),
  });
}
