// Instructions of which some arrays are absent, in any combination, with random sizes. The floats between the arrays of an arena are forbidden:
// the address sanitizer sees a step beyond any of them.
#include "test.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(SANITIZED)
void __asan_poison_memory_region(void const volatile *address, size_t bytes);
void __asan_unpoison_memory_region(void const volatile *address, size_t bytes);
#else
#define __asan_poison_memory_region(address, bytes) ((void)(address))
#define __asan_unpoison_memory_region(address, bytes) ((void)(address))
#endif

#define TEST_FLOATS (1 << 17)

static float *test_arena;
static Index test_next;

/** Forbids the whole arena. */
static void clear_arena(void) {
  test_next = 0;
  __asan_poison_memory_region(test_arena, TEST_FLOATS * sizeof(float));
}

/** An array of positive numbers below 1, at a place of any alignment: its offset. */
static int32_t array(Index count) {
  const Index at = test_next + 16 + random_between(0, 3);
  test_next = at + count;
  if (test_next + 16 > TEST_FLOATS) abort();
  __asan_unpoison_memory_region(test_arena + at, (size_t)count * sizeof(float));
  for (Index i = 0; i < count; i++) test_arena[at + i] = fabsf(random_float()) * 0.98f + 0.01f;
  return (int32_t)at;
}

static int32_t maybe(Index count) { return random_between(0, 1) ? array(count) : ABSENT; }

static int32_t size(Index most) { return (int32_t)random_between(1, most); }

/** Runs one instruction. */
static void run_one(int32_t opcode, const void *arguments, size_t bytes) {
  int32_t program[64] = {opcode, (int32_t)(bytes / 4) + 2};
  __builtin_memcpy(program + 2, arguments, bytes);
  test_checks++;
  if (run(program, program[1], test_arena) != 0) test_failures++, printf("instruction %d did not run\n", opcode);
  clear_arena();
}

#define RUN_ON(opcode, arguments) run_one(opcode, &(arguments), sizeof(arguments))

static int32_t any_activation(void) { return (int32_t)random_between(LINEAR, ELU); }

static Mixture any_mixture(void) {
  const Mixture mixture = {(int32_t)random_between(0, 1), 0.25f, 0.1f, -2.3f, -0.1f};
  return mixture;
}

static void test_absent_elements(void) {
  const int32_t count = size(100);
  RUN_ON(22, ((ActivationGradient){count, any_activation(), array(count), maybe(count), array(count), array(count)}));
  Scatter s = {.images = size(2)};
  s.windows = (Windows){size(4), size(3), (int32_t)random_between(0, 3), (int32_t)random_between(0, 3),
                        size(7), size(7), size(18), size(4), size(4)};
  const Windows *w = &s.windows;
  s.patches = array(s.images * w->out_height * w->out_width * w->kernel * w->kernel * w->channels);
  s.bias = maybe(w->channels);
  s.out = array(s.images * w->height * w->width * w->channels);
  RUN_ON(18, s);
}

static void test_absent_norms(void) {
  const int32_t rows = size(5), channels = size(40), length = channels * size(6), all = rows * length;
  const int32_t activation = any_activation();
  RUN_ON(23, ((NormForward){rows, length, channels, activation, 1e-5f, array(all), array(channels), array(channels), maybe(all),
                            maybe(rows), maybe(all), maybe(all)}));
  RUN_ON(25, ((NormBackward){rows, length, channels, activation, array(all), array(all), array(all), array(rows), array(channels),
                             array(channels), array(channels), array(channels), maybe(all), maybe(all)}));
}

static void test_absent_mixtures(void) {
  const int32_t batch = size(3), components = size(6), pixels = size(70), image = batch * pixels;
  const int32_t all = image * components;
  RUN_ON(28, ((MaskedInput){batch, components, pixels, array(image), maybe(all), 0.5f, array(all), array(all)}));
  RUN_ON(29, ((EStep){batch, components, pixels, any_mixture(), array(image), array(all), array(all), maybe(3),
                      (int32_t)random_between(0, 1), maybe(image), maybe(all)}));
  RUN_ON(30, ((LossGradient){batch, components, pixels, any_mixture(), 1, 1, (int32_t)random_between(0, 1), any_activation(),
                             array(image), array(all), array(all), maybe(all), maybe(image), array(all)}));
}

static void test_absent(void) {
  test_arena = aligned_alloc(64, TEST_FLOATS * sizeof(float));
  clear_arena();
  for (int i = 0; i < 200; i++) {
    test_absent_elements();
    test_absent_norms();
    test_absent_mixtures();
  }
  __asan_unpoison_memory_region(test_arena, TEST_FLOATS * sizeof(float));
  free(test_arena);
}
