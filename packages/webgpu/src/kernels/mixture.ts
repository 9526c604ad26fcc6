import { type Activation, type GammaGradient, gammaPaths, LIKELIHOOD_EPSILON, type MixtureSpec } from '@nem/core';
import {
  type Bindings,
  cover,
  type ElementwiseSpec,
  elementwise,
  float,
  type Kernel,
  WORKGROUP,
} from '../plan/kernel.js';
import { activationCode, distributionCode } from './formulas.js';

/** A mixture over [batch, components, pixels]. */
interface MixtureShape {
  readonly mixture: MixtureSpec;
  readonly batch: number;
  readonly components: number;
  readonly pixels: number;
}

/** WGSL: pixel i of the batch: its `sample`, and `first`, the index of its first component's value. */
const indices = ({ pixels, components }: MixtureShape) => `
  let sample = i / ${pixels}u;
  let first = sample * ${components * pixels}u + i % ${pixels}u;`;

/** WGSL: `body` for each component, whose value of the pixel has the index `at`. */
const each = ({ components, pixels }: MixtureShape, body: string) =>
  `  for (var k = 0u; k < ${components}u; k++) { let at = first + k * ${pixels}u;\n${body}\n  }`;

/** The first step's input γ ⊙ (x̃ − ψ) [batch, components, pixels], where ψ is one value everywhere. */
export function firstInput(shape: MixtureShape, initialPrediction: number): Kernel<'gamma' | 'corrupted' | 'masked'> {
  const { batch, components, pixels } = shape;
  return elementwise({
    name: 'input mask',
    bindings: { gamma: 'read', corrupted: 'read', masked: 'read_write' },
    count: batch * pixels,
    words: batch * pixels * (1 + 2 * components),
    body: `${indices(shape)}
${each(shape, `    set_masked(at, gamma(at) * (corrupted(i) - ${float(initialPrediction)}));`)}`,
  });
}

/** Workgroups of {@link eStep}, and of its partial losses. */
export function eStepGroups({ batch, pixels }: MixtureShape): [number, number, number] {
  return cover(batch * pixels);
}

/** What the E-step reads and writes, as {@link eStep} says. */
const E_STEP_BINDINGS = {
  psi: 'read',
  clean: 'read',
  corrupted: 'read',
  gamma: 'read_write',
  masked: 'read_write',
  losses: 'read_write',
} as const satisfies Bindings<string>;

/**
 * The E-step of ψ and the clean frame: γ, the step's losses by workgroup ([workgroups, 3]: intra, inter, upper) and, where `has_next` is 1, the
 * next step's input γ ⊙ (x̃ − ψ). An invocation takes all components of one pixel, over which γ is normalised.
 */
export function eStep(shape: MixtureShape): Kernel<keyof typeof E_STEP_BINDINGS, 'has_next'> {
  const count = shape.batch * shape.pixels;
  return {
    name: 'e-step and losses',
    bindings: E_STEP_BINDINGS,
    arguments: ['has_next'],
    cost: { words: count * (2 + 3 * shape.components) },
    sums: true,
    code: `${distributionCode(shape.mixture)}
fn run(group: vec3u, lane: u32, groups: vec3u) {
  let team = group.y * groups.x + group.x;
  let i = team * ${WORKGROUP}u + lane;
  var intra = 0.0; var inter = 0.0; var upper = 0.0;
  if (i < ${count}u) {${eStepPixel(shape)}
  }
  intra = workgroup_sum(lane, intra); inter = workgroup_sum(lane, inter); upper = workgroup_sum(lane, upper);
  if (lane == 0u) { set_losses(team * 3u, intra); set_losses(team * 3u + 1u, inter); set_losses(team * 3u + 2u, upper); }
}`,
  };
}

/** WGSL: the E-step of pixel i, and its losses. A first pass over the components sums up the likelihoods, a second one divides by the sum. */
const eStepPixel = (shape: MixtureShape) => `${indices(shape)}
  let x = clean(i);
  var evidence = 0.0;
  var highest = psi(first);
${each(shape, `    evidence += likelihood(x, psi(at)) + ${float(LIKELIHOOD_EPSILON)}; highest = max(highest, psi(at));`)}
  upper = nll(x, highest);
${each(
  shape,
  `    let value = psi(at);
    let share = (likelihood(x, value) + ${float(LIKELIHOOD_EPSILON)}) / evidence;
    set_gamma(at, share);
    intra += share * nll(x, value);
    inter += (1.0 - share) * divergence(value);
    if (has_next() == 1u) { set_masked(at, share * (corrupted(i) - value)); }`,
)}`;

/** What a step's loss gradient depends on beside the shape. */
interface LossGradientSpec {
  readonly interWeight: number;
  readonly gammaGradient: GammaGradient;
  /** Of the network's end: its derivative is applied here. */
  readonly activation: Activation;
}

/** What the loss gradient reads beside ψ. */
type LossInput = 'gamma' | 'clean' | 'corrupted' | 'next';
type LossArgument = 'weight_bits' | 'has_next';
const LOSS_INPUTS: Bindings<LossInput> = { gamma: 'read', clean: 'read', corrupted: 'read', next: 'read' };

/**
 * ∂L/∂ψ of a step, times the slope of the network's last activation: from the step's own loss (`weight_bits`: weight / batch, as the
 * bits of a float32) and, where `has_next` is 1, from the next step's input gradient, through γ too where that is let through.
 */
export function lossGradient(
  shape: MixtureShape,
  spec: LossGradientSpec,
): Kernel<LossInput | 'psi' | 'gradient', LossArgument> {
  const bindings = { ...LOSS_INPUTS, psi: 'read', gradient: 'read_write' } as const;
  return elementwise({ ...lossGradientParts(shape, spec, 'set_gradient'), bindings });
}

/** {@link lossGradient} written over ψ, which no later launch reads then. */
export function lossGradientInPlace(
  shape: MixtureShape,
  spec: LossGradientSpec,
): Kernel<LossInput | 'psi', LossArgument> {
  const bindings = { ...LOSS_INPUTS, psi: 'read_write' } as const;
  return elementwise({ ...lossGradientParts(shape, spec, 'set_psi'), bindings });
}

/** What both kernels share: everything except their bindings. @param store the WGSL function that stores the gradient */
function lossGradientParts(
  shape: MixtureShape,
  spec: LossGradientSpec,
  store: 'set_gradient' | 'set_psi',
): Omit<ElementwiseSpec<never, LossArgument>, 'bindings'> {
  const { interWeight, gammaGradient, activation } = spec;
  const lambda = float(interWeight);
  const own = `    let value = psi(at); let share = gamma(at);
    var d = weight * (share * nll_slope(x, value) + (1.0 - share) * ${lambda} * divergence_slope(value));
    if (carries) { d -= next(at) * share; }`;
  const { loss, mask } = gammaPaths(gammaGradient);
  const byGamma = [
    `    var g = ${loss ? `weight * (nll(x, psi(at)) - ${lambda} * divergence(psi(at)))` : '0.0'};`,
    ...(mask ? ['    if (carries) { g += next(at) * (corrupted(i) - psi(at)); }'] : []),
  ].join('\n');
  const through = each(
    shape,
    `${byGamma}
    centre += g * gamma(at); evidence += likelihood(x, psi(at)) + ${float(LIKELIHOOD_EPSILON)};`,
  );
  return {
    name: 'loss gradient',
    arguments: ['weight_bits', 'has_next'],
    count: shape.batch * shape.pixels,
    words: shape.batch * shape.pixels * (2 + 4 * shape.components),
    body: `${indices(shape)}
  let x = clean(i); let weight = bitcast<f32>(weight_bits()); let carries = has_next() == 1u;
  ${gammaGradient ? `var centre = 0.0; var evidence = 0.0;\n${through}` : ''}
${each(
  shape,
  `${own}
    ${gammaGradient ? `${byGamma}\n    d += (g - centre) / evidence * likelihood_slope(x, value);` : ''}
    ${store}(at, d * slope(value));`,
)}`,
    helpers: `${distributionCode(shape.mixture)}\n${activationCode(activation)}`,
  };
}
