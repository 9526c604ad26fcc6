import { instruction } from './instruction.js';

const sizes = { batch: 'count', components: 'count', pixels: 'count' } as const;

/** The pixel distribution: `gaussian` is 1 or 0, for Bernoulli. */
const mixture = { gaussian: 'integer', sigma: 'float', prior: 'float', logPrior: 'float', logRest: 'float' } as const;

/** out = γ ⊙ (noisy − ψ); where ψ is absent, it is `initial` everywhere. */
export const maskedInput = instruction(
  28,
  'masked input',
  { ...sizes, noisy: 'array', psi: 'optional', initial: 'float', gamma: 'array', out: 'array' },
  ({ batch, components, pixels }) => {
    const all = batch * components * pixels;
    return { noisy: batch * pixels, psi: all, gamma: all, out: all };
  },
);

/** γ from x and ψ; the losses [intra, inter, upper] and the next step's input where they are wanted. */
export const eStep = instruction(
  29,
  'E-step',
  {
    ...sizes,
    ...mixture,
    x: 'array',
    psi: 'array',
    gamma: 'array',
    losses: 'optional',
    upper: 'integer',
    noisy: 'optional',
    input: 'optional',
  },
  ({ batch, components, pixels }) => {
    const [image, all] = [batch * pixels, batch * components * pixels];
    return { x: image, psi: all, gamma: all, losses: 3, noisy: image, input: all };
  },
);

/** The gradient of a step's losses and of its next step with respect to what ψ is the activation of. out may be ψ. */
export const lossGradient = instruction(
  30,
  'loss gradient',
  {
    ...sizes,
    ...mixture,
    weight: 'float',
    interWeight: 'float',
    gammaGradient: 'integer',
    activation: 'integer',
    x: 'array',
    psi: 'array',
    gamma: 'array',
    next: 'optional',
    noisy: 'optional',
    out: 'array',
  },
  ({ batch, components, pixels }) => {
    const [image, all] = [batch * pixels, batch * components * pixels];
    return { x: image, psi: all, gamma: all, next: all, noisy: image, out: all };
  },
);
