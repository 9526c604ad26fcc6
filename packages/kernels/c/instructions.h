// The instructions of a program but for the products', a struct each. `src/instructions/` has the same fields in the
// same order. An address counts floats from the arena's start; ABSENT stands for no array. All fields are words of 32 bits.
#ifndef NEM_INSTRUCTIONS_H
#define NEM_INSTRUCTIONS_H

#include <stdint.h>

enum { ABSENT = -1 };

/** The pixel distribution: 0 is Bernoulli, 1 is Gaussian. */
typedef struct {
  int32_t gaussian;
  float sigma, prior, log_prior, log_rest;
} Mixture;

/** Square windows on images [images, height, width, channels]. */
typedef struct {
  int32_t kernel, stride, top, left, height, width, channels, out_height, out_width;
} Windows;

typedef struct {
  int32_t count, out;
  float value;
} Fill;

typedef struct {
  int32_t count, x, out;
} Copy;

typedef struct {
  int32_t images;
  Windows windows;
  int32_t patches, bias, out;
} Scatter;

typedef struct {
  int32_t images;
  Windows windows;
  int32_t x, patches;
} Gather;

typedef struct {
  int32_t kernel, scale, channels, outputs, weights, folded;
} Fold;

typedef struct {
  int32_t count, activation, z, y;
} ApplyActivation;

typedef struct {
  int32_t count, activation, dy, added, y, dz;
} ActivationGradient;

typedef struct {
  int32_t rows, length, channels, activation;
  float epsilon;
  int32_t z, gain, offset, normalized, scale, y, hidden;
} NormForward;

typedef struct {
  int32_t rows, length, channels, activation, normalized, gain, offset, y;
} NormOutput;

typedef struct {
  int32_t rows, length, channels, activation, dy, y, normalized, scale, gain, gain_sum, offset_sum, bias_sum, hidden_gradient,
      hidden;
} NormBackward;

typedef struct {
  int32_t rows, length, x, y, scale;
} Standardize;

typedef struct {
  int32_t rows, length, y, scale, dy;
} StandardizeGradient;

typedef struct {
  int32_t batch, components, pixels, noisy, psi;
  float initial;
  int32_t gamma, out;
} MaskedInput;

typedef struct {
  int32_t batch, components, pixels;
  Mixture mixture;
  int32_t x, psi, gamma, losses, upper, noisy, input;
} EStep;

typedef struct {
  int32_t batch, components, pixels;
  Mixture mixture;
  float weight, inter_weight;
  int32_t gamma_gradient, activation, x, psi, gamma, next, noisy, out;
} LossGradient;

typedef struct {
  int32_t count, theta, ascent, step, next, squashed;
} NemUpdate;

typedef struct {
  int32_t count, decoded, theta, ascent, squashed, step, carried, has_next, step_sum;
} NemUpdateGradient;

typedef struct {
  int32_t rows, columns, x, out;
} ColumnSums;

typedef struct {
  int32_t count, parameters, gradients, m, v, factors;
} Adam;

#endif
