// Patches of images where a product does not gather them itself, and the transpose of that: a convolution's gradient with respect to
// its input, and an enlargement with a convolution.
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

/** The window at (row, column) on an image: its first row, and the part of its lines that lies inside. */
typedef struct {
  /** The image's row of the window's first line, and the image's column of a line's first pixel inside. */
  Index top, left;
  /** The line's first pixel inside, and the first one behind it. */
  Index first, end;
} Place;

INLINE Place place_of(const Windows *w, Index row, Index column) {
  const Index left = column * w->stride - w->left;
  const Index first = left < 0 ? least(-left, w->kernel) : 0, end = least(w->kernel, w->width - left);
  return (Place){row * w->stride - w->top, left + first, first, end < first ? first : end};
}

/** Adds the patch of the window at (row, column) to the image, but for what lies outside it. */
INLINE void add_patch(const Windows *w, const float *patch, float *image, Index row, Index column) {
  const Place place = place_of(w, row, column);
  const Index line = (Index)w->kernel * w->channels, length = (place.end - place.first) * w->channels;
  for (Index u = 0; u < w->kernel; u++) {
    const Index y = place.top + u;
    if (y < 0 || y >= w->height || length == 0) continue;
    add_line(image + (y * w->width + place.left) * w->channels, patch + u * line + place.first * w->channels, length);
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

INLINE void fill_line(float *to, Index length) {
  for (Index i = 0; i < length; i += WIDTH) store_some(to + i, splat(0), length - i);
}

INLINE void copy_line(float *to, const float *from, Index length) {
  for (Index i = 0; i < length; i += WIDTH) store_some(to + i, load_some(from + i, length - i), length - i);
}

/** Writes the patch of the window at (row, column), 0 outside the image. */
INLINE void take_patch(const Windows *w, const float *image, float *patch, Index row, Index column) {
  const Place place = place_of(w, row, column);
  const Index line = (Index)w->kernel * w->channels;
  const Index first = place.first * w->channels, end = place.end * w->channels;
  for (Index u = 0; u < w->kernel; u++, patch += line) {
    const Index y = place.top + u;
    if (y < 0 || y >= w->height) {
      fill_line(patch, line);
      continue;
    }
    fill_line(patch, first);
    copy_line(patch + first, image + (y * w->width + place.left) * w->channels, end - first);
    fill_line(patch + end, line - end);
  }
}

/** patches [images, out_height, out_width, kernel² channels] of images [images, height, width, channels]. */
static void run_gather(const Gather *o, float *arena) {
  const Windows *w = &o->windows;
  const Index patch_size = (Index)w->kernel * w->kernel * w->channels;
  float *patch = arena + o->patches;
  for (Index image = 0; image < o->images; image++) {
    const float *x = arena + o->x + image * w->height * w->width * w->channels;
    for (Index row = 0; row < w->out_height; row++)
      for (Index column = 0; column < w->out_width; column++, patch += patch_size) take_patch(w, x, patch, row, column);
  }
}
