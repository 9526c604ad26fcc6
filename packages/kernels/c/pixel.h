// The formulas of a pixel (method, sections 1 and 3), as core's mixture/ has them; the property-based tests compare both.
#ifndef NEM_PIXEL_H
#define NEM_PIXEL_H

#include "instructions.h"
#include "parts.h"

#define LIKELIHOOD_EPSILON 1e-6f
#define CLIPPING_EPSILON 1e-6f
/** 1 / √(2π). */
#define GAUSSIAN_HEIGHT 0.3989422804014327f

/** Calls `run` with the number of the distribution first: a constant, so that each distribution is compiled by itself. */
#define BY_DISTRIBUTION(gaussian, run, ...) \
  if (gaussian) { \
    run(1, __VA_ARGS__); \
  } else { \
    run(0, __VA_ARGS__); \
  }

/** A Bernoulli ψ where it is the argument of a logarithm. */
INLINE Vector clip(Vector psi) { return smaller(splat(1 - CLIPPING_EPSILON), larger(splat(CLIPPING_EPSILON), psi)); }

/** P(x | ψ), as the E-step uses it. */
INLINE Vector likelihood(int gaussian, const Mixture *m, Vector x, Vector psi) {
  if (!gaussian) return multiply_add(x + x - 1.0f, psi, 1.0f - x);
  const Vector distance = x - psi;
  return exponential(distance * distance * (-0.5f / (m->sigma * m->sigma))) * (GAUSSIAN_HEIGHT / m->sigma);
}

/** ∂P(x | ψ)/∂ψ, from P(x | ψ). */
INLINE Vector likelihood_slope(int gaussian, const Mixture *m, Vector x, Vector psi, Vector value) {
  if (!gaussian) return x + x - 1.0f;
  return (x - psi) * value * (1 / (m->sigma * m->sigma));
}

/** Both losses of a pixel and component. */
typedef struct {
  /** −log P(x | ψ). */
  Vector intra;
  /** KL(prior ‖ ψ). */
  Vector inter;
} Losses;

INLINE Vector half_square(Vector distance) { return distance * distance * 0.5f; }

INLINE Vector bernoulli_intra(Vector x, Vector log_p, Vector log_rest) {
  return -multiply_add(x, log_p, (1.0f - x) * log_rest);
}

INLINE Losses bernoulli_losses(const Mixture *m, Vector x, Vector psi) {
  const Vector p = clip(psi), log_p = logarithm(p), log_rest = logarithm(1.0f - p);
  Vector inter = (m->log_rest - log_rest) * (1 - m->prior);
  if (m->prior != 0) inter = multiply_add(m->log_prior - log_p, splat(m->prior), inter);
  return (Losses){bernoulli_intra(x, log_p, log_rest), inter};
}

INLINE Losses losses_of(int gaussian, const Mixture *m, Vector x, Vector psi) {
  if (!gaussian) return bernoulli_losses(m, x, psi);
  return (Losses){half_square(psi - x), half_square(psi - m->prior)};
}

/** −log P(x | ψ) alone. */
INLINE Vector intra_of(int gaussian, Vector x, Vector psi) {
  if (gaussian) return half_square(psi - x);
  const Vector p = clip(psi);
  return bernoulli_intra(x, logarithm(p), logarithm(1.0f - p));
}

/** ∂/∂ψ of γ · NLL + λ (1 − γ) · KL, γ held. */
INLINE Vector loss_slope(int gaussian, const Mixture *m, Vector x, Vector psi, Vector gamma, float inter_weight) {
  const Vector rest = (1.0f - gamma) * inter_weight;
  if (gaussian) return multiply_add(gamma, psi - x, rest * (psi - m->prior));
  const Vector p = clip(psi);
  const Vector numerator = multiply_add(gamma, p - x, rest * (p - m->prior));
  // Beyond the clipping range the logarithms are constant.
  return (Vector)((Integers)(numerator / (p * (1.0f - p))) & (Integers)(p == psi));
}

#endif
