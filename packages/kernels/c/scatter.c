// The transpose of gathering patches: a convolution's gradient with respect to its input, and an enlargement with a convolution.
#include "instructions.h"
#include "parts.h"

/** One image before its patches: the bias at each pixel, or 0. */
static void start_image(const Scatter *o, const float *bias, float *image) {
  const Index pixels = (Index)o->windows.height * o->windows.width, channels = o->windows.channels;
  if (bias == NULL) {
    __builtin_memset(image, 0, (size_t)(pixels * channels) * sizeof(float));
  } else if (channels == 1) {
    for (Index i = 0; i < pixels; i += WIDTH) store_some(image + i, splat(bias[0]), pixels - i);
  } else {
    FOR_PARTS(i, c, n, pixels * channels, channels) store_some(image + i, load_some(bias + c, n), n);
  }
}

INLINE void add_line(float *to, const float *from, Index length) {
  Index i = 0;
  for (; i + WIDTH <= length; i += WIDTH) store(to + i, load(to + i) + load(from + i));
  if (i < length) store_part(to + i, load_part(to + i, length - i) + load_part(from + i, length - i), length - i);
}

/** Adds the patch of the window at (row, column) to the image, but for what lies outside it. */
INLINE void add_patch(const Windows *w, const float *patch, float *image, Index row, Index column) {
  const Index line = (Index)w->kernel * w->channels;
  const Index top = row * w->stride - w->top, left = column * w->stride - w->left;
  const Index first = left < 0 ? least(-left, w->kernel) : 0;
  const Index end = least(w->kernel, w->width - left);
  for (Index u = 0; u < w->kernel; u++) {
    const Index y = top + u;
    if (y < 0 || y >= w->height || end <= first) continue;
    add_line(image + (y * w->width + left + first) * w->channels, patch + u * line + first * w->channels,
             (end - first) * w->channels);
  }
}

/** out [images, height, width, channels] = the bias + the sums of `patches` [images, out_height, out_width, kernel² channels]. */
static void run_scatter(const Scatter *o, float *arena) {
  const Windows *w = &o->windows;
  const Index patch_size = (Index)w->kernel * w->kernel * w->channels;
  const Index image_size = (Index)w->height * w->width * w->channels;
  const float *patch = arena + o->patches;
  for (Index image = 0; image < o->images; image++) {
    float *out = arena + o->out + image * image_size;
    start_image(o, o->bias == ABSENT ? NULL : arena + o->bias, out);
    for (Index row = 0; row < w->out_height; row++)
      for (Index column = 0; column < w->out_width; column++, patch += patch_size) add_patch(w, patch, out, row, column);
  }
}
