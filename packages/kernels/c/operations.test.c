// Every instruction but the products, at sizes around those of vectors, on an arena of exactly its arrays: each array is once the last one,
// so that the sanitizers see a step beyond it. What the instructions compute is tested against core's formulas in src/instructions.
#include "instructions.h"
#include "test.h"

/** An array of an instruction: its length, and the field that has its address. */
typedef struct {
  Index length;
  int32_t *field;
} Array;

enum { MOST_ARRAYS = 12, MOST_WORDS = 32 };

/** Lays the arrays out, the one after number `last` first, and runs the instruction. */
static void run_rotated(int opcode, const void *arguments, size_t bytes, const Array *arrays, int count, int last) {
  Index floats = 0;
  for (int i = 1; i <= count; i++) {
    const Array *array = &arrays[(last + i) % count];
    *array->field = (int32_t)floats;
    floats += array->length;
  }
  int32_t program[MOST_WORDS] = {opcode, (int32_t)(2 + bytes / sizeof(int32_t))};
  memcpy(program + 2, arguments, bytes);
  float *arena = new_floats(floats);
  for (Index i = 0; i < floats; i++) arena[i] = 0.5f + 0.45f * random_float();
  expect_near("an instruction's result", (double)run(program, program[1], arena), 0, 0);
  for (Index i = 0; i < floats; i++) expect_near("an instruction leaves finite numbers", isfinite(arena[i]) ? 0 : 1, 0, 0);
  free(arena);
}

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))
#define RUN(opcode, arguments, ...)                                                                             \
  do {                                                                                                          \
    const Array arrays[] = {__VA_ARGS__};                                                                       \
    for (int last = 0; last < COUNT_OF(arrays); last++)                                                         \
      run_rotated(opcode, &(arguments), sizeof(arguments), arrays, COUNT_OF(arrays), last);                     \
  } while (0)

static void test_elements(Index n, int activation) {
  Fill fill = {.count = (int32_t)n, .value = 0.5f};
  RUN(16, fill, {n, &fill.out});
  Copy copy = {.count = (int32_t)n};
  RUN(17, copy, {n, &copy.x}, {n, &copy.out});
  ApplyActivation apply = {.count = (int32_t)n, .activation = activation};
  RUN(21, apply, {n, &apply.z}, {n, &apply.y});
  ActivationGradient gradient = {.count = (int32_t)n, .activation = activation};
  RUN(22, gradient, {n, &gradient.dy}, {n, &gradient.added}, {n, &gradient.y}, {n, &gradient.dz});
  NemUpdate update = {.count = (int32_t)n};
  RUN(31, update, {n, &update.theta}, {n, &update.ascent}, {1, &update.step}, {n, &update.next}, {n, &update.squashed});
  NemUpdateGradient back = {.count = (int32_t)n, .has_next = activation % 2};
  RUN(32, back, {n, &back.decoded}, {n, &back.theta}, {n, &back.ascent}, {n, &back.squashed}, {1, &back.step},
      {n, &back.carried}, {1, &back.step_sum});
  ColumnSums sums = {.rows = 3, .columns = (int32_t)n};
  RUN(33, sums, {3 * n, &sums.x}, {n, &sums.out});
  Adam adam = {.count = (int32_t)n};
  RUN(34, adam, {n, &adam.parameters}, {n, &adam.gradients}, {n, &adam.m}, {n, &adam.v}, {14, &adam.factors});
}

static void test_norms(Index channels, Index positions, int activation) {
  const Index length = channels * positions, all = 2 * length;
  const int32_t l = (int32_t)length, c = (int32_t)channels;
  NormForward forward = {.rows = 2, .length = l, .channels = c, .activation = activation, .epsilon = 1e-3f};
  RUN(23, forward, {all, &forward.z}, {channels, &forward.gain}, {channels, &forward.offset}, {all, &forward.normalized},
      {2, &forward.scale}, {all, &forward.y}, {all, &forward.hidden});
  NormOutput output = {.rows = 2, .length = l, .channels = c, .activation = activation};
  RUN(24, output, {all, &output.normalized}, {channels, &output.gain}, {channels, &output.offset}, {all, &output.y});
  NormBackward back = {.rows = 2, .length = l, .channels = c, .activation = activation};
  RUN(25, back, {all, &back.dy}, {all, &back.y}, {all, &back.normalized}, {2, &back.scale}, {channels, &back.gain},
      {channels, &back.gain_sum}, {channels, &back.offset_sum}, {channels, &back.bias_sum}, {all, &back.hidden_gradient},
      {all, &back.hidden});
  if (length < 2) return;
  Standardize standardize = {.rows = 2, .length = l};
  RUN(26, standardize, {all, &standardize.x}, {all, &standardize.y}, {2, &standardize.scale});
  StandardizeGradient gradient = {.rows = 2, .length = l};
  RUN(27, gradient, {all, &gradient.y}, {2, &gradient.scale}, {all, &gradient.dy});
}

static void test_mixtures(int32_t pixels, int32_t components, int gaussian) {
  const Index image = 2 * pixels, all = image * components;
  const Mixture mixture = {gaussian, 0.5f, 0.1f, -2.3f, -0.1f};
  MaskedInput masked = {.batch = 2, .components = components, .pixels = pixels};
  RUN(28, masked, {image, &masked.noisy}, {all, &masked.psi}, {all, &masked.gamma}, {all, &masked.out});
  EStep step = {.batch = 2, .components = components, .pixels = pixels, .mixture = mixture, .upper = 1};
  RUN(29, step, {image, &step.x}, {all, &step.psi}, {all, &step.gamma}, {3, &step.losses}, {image, &step.noisy},
      {all, &step.input});
  for (int through = 0; through < 2; through++) {
    LossGradient loss = {.batch = 2, .components = components, .pixels = pixels, .mixture = mixture, .weight = 1};
    loss.inter_weight = 0.5f, loss.gamma_gradient = through, loss.activation = SIGMOID;
    RUN(30, loss, {image, &loss.x}, {all, &loss.psi}, {all, &loss.gamma}, {all, &loss.next}, {image, &loss.noisy},
        {all, &loss.out});
  }
}

/** Windows that reach beyond the image on all sides. */
static void test_windows(int32_t channels) {
  const Windows windows = {4, 2, 2, 1, 5, 6, channels, 4, 4};
  const Index image = 2 * 5 * 6 * channels, patches = (Index)2 * 4 * 4 * 4 * 4 * channels;
  Scatter scatter = {.images = 2, .windows = windows};
  RUN(18, scatter, {patches, &scatter.patches}, {channels, &scatter.bias}, {image, &scatter.out});
  Gather gather = {.images = 2, .windows = windows};
  RUN(35, gather, {image, &gather.x}, {patches, &gather.patches});
  Fold fold = {.kernel = 3, .scale = 2, .channels = channels, .outputs = 5};
  const Index size = (Index)channels * 5;
  RUN(19, fold, {9 * size, &fold.weights}, {16 * size, &fold.folded});
  RUN(20, fold, {9 * size, &fold.weights}, {16 * size, &fold.folded});
}

static void test_operations(void) {
  const int32_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 50};
  for (int i = 0; i < COUNT_OF(sizes); i++) {
    for (int activation = LINEAR; activation <= ELU; activation++) {
      test_elements(sizes[i], activation);
      test_norms(sizes[i], 1 + i % 3, activation);
    }
    test_mixtures(sizes[i], 1 + i % 4, i % 2);
    test_windows(sizes[i]);
  }
}
