// Matrix products: C = A B, or C += A B, with a bias and an activation on the way out. B is packed first (weights: once a step, for
// all time steps), or block by block inside the product (weight gradients).
#ifndef NEM_PRODUCT_H
#define NEM_PRODUCT_H

#include "elementary.h"

/**
 * A matrix to be read: strided, or the patches of images [images, height, width, channels], gathered while they are packed.
 * Strided (kernel 0): element (i, j) stands at data[i * row + j * column].
 * Patches (kernel > 0): row i is the patch of output pixel (image, y, x) of [images, out_height, out_width], element
 * j = (ky * kernel + kx) * channels + channel; what lies outside the image is 0. `row` and `column` are not used. With `transposed`,
 * element (i, j) is that of row j, column i.
 */
typedef struct {
  const float *data;
  Index row, column;
  Index kernel, stride, pad_top, pad_left, height, width, channels, out_height, out_width;
  int transposed;
} Operand;

/** Where the product goes: row i at data + i * row. */
typedef struct {
  float *data;
  Index row;
} Output;

typedef struct {
  /** 1: C += A B, before bias and activation. */
  int accumulate;
  /** n floats, or NULL. */
  const float *bias;
  /** LINEAR, SIGMOID, …: see elementary.h. */
  int activation;
} Epilogue;

static Index packed_floats(Index k, Index n, int precision);
static Index workspace_floats(void);

/** Packs B, [k, n]: packed_floats(k, n, precision) floats. */
static void pack(Index k, Index n, const Operand *b, int precision, float *packed, float *workspace);

/** C, [m, n], from A, [m, k], and a packed B, [k, n]. */
static void product(Index m, Index n, Index k, const Operand *a, const float *packed_b, const Output *c, const Epilogue *epilogue,
                    int precision, float *workspace);

/** The same, B packed inside: for a B that serves once. */
static void product_once(Index m, Index n, Index k, const Operand *a, const Operand *b, const Output *c, const Epilogue *epilogue,
                         int precision, float *workspace);

#endif
