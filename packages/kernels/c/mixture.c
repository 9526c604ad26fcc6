// The E-step with the losses and the next step's input, and the gradient of the losses. Each goes once over the pixels of a sample,
// with all of its components. Images: [batch, pixels]; by component: [batch, components, pixels].
#include "instructions.h"
#include "pixel.h"

/** out = γ ⊙ (noisy − ψ); where ψ is absent, it is `initial` everywhere. */
static void run_masked_input(const MaskedInput *o, float *arena) {
  const Index pixels = o->pixels;
  for (Index row = 0; row < (Index)o->batch * o->components; row++) {
    const float *noisy = arena + o->noisy + row / o->components * pixels, *psi = arena + o->psi + row * pixels;
    const float *gamma = arena + o->gamma + row * pixels;
    float *out = arena + o->out + row * pixels;
    for (Index i = 0; i < pixels; i += WIDTH) {
      const Index n = pixels - i;
      const Vector prediction = o->psi == ABSENT ? splat(o->initial) : load_some(psi + i, n);
      store_some(out + i, load_some(gamma + i, n) * (load_some(noisy + i, n) - prediction), n);
    }
  }
}

/** One sample's arrays. */
typedef struct {
  const float *x, *psi;
  float *gamma;
} Sample;

INLINE Sample sample_of(const EStep *o, float *arena, Index b) {
  const Index image = (Index)o->pixels * b, components = image * o->components;
  return (Sample){arena + o->x + image, arena + o->psi + components, arena + o->gamma + components};
}

/** γ of `n` pixels of all components. */
INLINE void assign(int gaussian, const EStep *o, Sample s, Index i, Index n) {
  const Vector x = load_some(s.x + i, n);
  Vector evidence = splat(0);
  for (Index k = 0; k < o->components; k++) {
    const Vector psi = load_some(s.psi + k * o->pixels + i, n);
    const Vector weight = likelihood(gaussian, &o->mixture, x, psi) + LIKELIHOOD_EPSILON;
    store_some(s.gamma + k * o->pixels + i, weight, n);
    evidence = evidence + weight;
  }
  for (Index k = 0; k < o->components; k++) {
    float *gamma = s.gamma + k * o->pixels + i;
    store_some(gamma, load_some(gamma, n) / evidence, n);
  }
}

/** The next step's input of `n` pixels. */
INLINE void mask(const EStep *o, float *arena, Sample s, Index b, Index i, Index n) {
  const Vector noisy = load_some(arena + o->noisy + b * o->pixels + i, n);
  float *input = arena + o->input + b * o->pixels * o->components + i;
  for (Index k = 0; k < o->components; k++) {
    const Index at = k * o->pixels;
    store_some(input + at, load_some(s.gamma + at + i, n) * (noisy - load_some(s.psi + at + i, n)), n);
  }
}

/** A sample's losses so far, by lane. */
typedef struct {
  Vector intra, inter, upper;
} LossSums;

INLINE void add_losses(int gaussian, const EStep *o, Sample s, Index i, Index n, LossSums *sums) {
  const Vector x = load_some(s.x + i, n);
  Vector largest = load_some(s.psi + i, n);
  for (Index k = 0; k < o->components; k++) {
    const Vector psi = load_some(s.psi + k * o->pixels + i, n), gamma = load_some(s.gamma + k * o->pixels + i, n);
    const Losses losses = losses_of(gaussian, &o->mixture, x, psi);
    sums->intra = sums->intra + keep_some(gamma * losses.intra, n);
    sums->inter = sums->inter + keep_some((1.0f - gamma) * losses.inter, n);
    largest = larger(largest, psi);
  }
  if (o->upper) sums->upper = sums->upper + keep_some(intra_of(gaussian, x, largest), n);
}

INLINE void e_step(int gaussian, const EStep *o, float *arena) {
  double intra = 0, inter = 0, upper = 0;
  for (Index b = 0; b < o->batch; b++) {
    const Sample s = sample_of(o, arena, b);
    LossSums sums = {splat(0), splat(0), splat(0)};
    for (Index i = 0; i < o->pixels; i += WIDTH) {
      const Index n = least(WIDTH, o->pixels - i);
      assign(gaussian, o, s, i, n);
      if (o->losses != ABSENT) add_losses(gaussian, o, s, i, n, &sums);
      if (o->input != ABSENT && o->noisy != ABSENT) mask(o, arena, s, b, i, n);
    }
    intra += sum_lanes(sums.intra);
    inter += sum_lanes(sums.inter);
    upper += sum_lanes(sums.upper);
  }
  if (o->losses == ABSENT) return;
  float *losses = arena + o->losses;
  losses[0] = (float)intra;
  losses[1] = (float)inter;
  losses[2] = (float)upper;
}

/**
 * γ from x and ψ; where they are wanted, the losses [intra, inter, upper] summed over everything (upper, the NLL of max ψ, is 0
 * unless `upper`), and the next step's input γ ⊙ (noisy − ψ).
 */
static void run_e_step(const EStep *o, float *arena) {
  BY_DISTRIBUTION(o->mixture.gaussian, e_step, o, arena)
}

/** `n` pixels of a sample in the gradient of the losses. */
typedef struct {
  const LossGradient *o;
  const float *psi, *gamma, *next;
  float *out;
  Vector x, noisy;
  Index n;
} Pixels;

INLINE Pixels pixels_of(const LossGradient *o, float *arena, Index b, Index i) {
  const Index n = least(WIDTH, o->pixels - i), image = b * o->pixels + i, at = b * o->components * o->pixels + i;
  const Vector noisy = o->noisy == ABSENT ? splat(0) : load_some(arena + o->noisy + image, n);
  return (Pixels){.o = o,
                  .psi = arena + o->psi + at,
                  .gamma = arena + o->gamma + at,
                  .next = arena + o->next + at,
                  .out = arena + o->out + at,
                  .x = load_some(arena + o->x + image, n),
                  .noisy = noisy,
                  .n = n};
}

/** The gradient with respect to γ of component k, from the step's own losses and from the next step's input. */
INLINE Vector gamma_gradient(int gaussian, const Pixels *p, Index k) {
  const LossGradient *o = p->o;
  const Index at = k * o->pixels;
  const Vector psi = load_some(p->psi + at, p->n);
  Vector gradient = splat(0);
  if (o->weight != 0) {
    const Losses losses = losses_of(gaussian, &o->mixture, p->x, psi);
    gradient = (losses.intra - losses.inter * o->inter_weight) * o->weight;
  }
  if (o->next == ABSENT) return gradient;
  return multiply_add(load_some(p->next + at, p->n), p->noisy - psi, gradient);
}

/** What the gradient through γ has in common over the components. */
typedef struct {
  Vector centre, evidence;
} Shared;

INLINE Shared shared_of(int gaussian, const Pixels *p) {
  Shared shared = {splat(0), splat(0)};
  for (Index k = 0; k < p->o->components; k++) {
    const Index at = k * p->o->pixels;
    const Vector psi = load_some(p->psi + at, p->n);
    shared.evidence = shared.evidence + (likelihood(gaussian, &p->o->mixture, p->x, psi) + LIKELIHOOD_EPSILON);
    shared.centre = multiply_add(gamma_gradient(gaussian, p, k), load_some(p->gamma + at, p->n), shared.centre);
  }
  return shared;
}

/** The gradient with respect to ψ of component k through its γ. */
INLINE Vector through_gamma(int gaussian, const Pixels *p, Index k, Shared shared) {
  const Mixture *m = &p->o->mixture;
  const Vector psi = load_some(p->psi + k * p->o->pixels, p->n);
  const Vector value = likelihood(gaussian, m, p->x, psi);
  const Vector gradient = (gamma_gradient(gaussian, p, k) - shared.centre) / shared.evidence;
  return gradient * likelihood_slope(gaussian, m, p->x, psi, value);
}

/** The gradient with respect to ψ of component k, γ held. */
INLINE Vector with_gamma_held(int gaussian, const Pixels *p, Index k) {
  const LossGradient *o = p->o;
  const Index at = k * o->pixels;
  const Vector psi = load_some(p->psi + at, p->n), gamma = load_some(p->gamma + at, p->n);
  Vector gradient = splat(0);
  if (o->weight != 0) gradient = loss_slope(gaussian, &o->mixture, p->x, psi, gamma, o->inter_weight) * o->weight;
  if (o->next == ABSENT) return gradient;
  return gradient - gamma * load_some(p->next + at, p->n);
}

INLINE void loss_gradient(int gaussian, const LossGradient *o, float *arena) {
  for (Index b = 0; b < o->batch; b++)
    for (Index i = 0; i < o->pixels; i += WIDTH) {
      const Pixels p = pixels_of(o, arena, b, i);
      const Shared shared = o->gamma_gradient ? shared_of(gaussian, &p) : (Shared){splat(0), splat(0)};
      for (Index k = 0; k < o->components; k++) {
        Vector gradient = with_gamma_held(gaussian, &p, k);
        if (o->gamma_gradient) gradient = gradient + through_gamma(gaussian, &p, k, shared);
        const Vector psi = load_some(p.psi + k * o->pixels, p.n);
        store_some(p.out + k * o->pixels, gradient * slope(o->activation, psi), p.n);
      }
    }
}

/**
 * The gradient of a step's loss, `weight` (intra + λ inter), and of what follows from its ψ and γ in the next step (`next`: the
 * gradient with respect to the next step's input), with respect to what ψ is the activation of. out may be ψ.
 */
static void run_loss_gradient(const LossGradient *o, float *arena) {
  BY_DISTRIBUTION(o->mixture.gaussian, loss_gradient, o, arena)
}
