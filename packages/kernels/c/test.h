// What the tests in C share: numbers that look random, arrays of exactly the size that is needed (the sanitizers see a step beyond), and
// a comparison that says what was wrong.
#ifndef NEM_TEST_H
#define NEM_TEST_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

static uint32_t test_state = 1;
static int test_failures = 0, test_checks = 0;

static uint32_t random_bits(void) {
  test_state ^= test_state << 13;
  test_state ^= test_state >> 17;
  test_state ^= test_state << 5;
  return test_state;
}

/** A whole number from `least` to `most`. */
static Index random_between(Index least, Index most) { return least + (Index)(random_bits() % (uint32_t)(most - least + 1)); }

/** A number in (−1, 1). */
static float random_float(void) { return (float)(int32_t)random_bits() / 2147483648.0f; }

static float *new_floats(Index count) {
  float *data = malloc((size_t)(count > 0 ? count : 1) * sizeof(float));
  if (!data) abort();
  return data;
}

static float *random_floats(Index count) {
  float *data = new_floats(count);
  for (Index i = 0; i < count; i++) data[i] = random_float();
  return data;
}

/** A failure where the two are further apart than the tolerance, or one of them is NaN. */
static void expect_near(const char *what, double found, double expected, double tolerance) {
  test_checks++;
  if (fabs(found - expected) <= tolerance) return;
  if (test_failures++ < 20) printf("%s: %.9g, expected %.9g within %.3g\n", what, found, expected, tolerance);
}

#endif
