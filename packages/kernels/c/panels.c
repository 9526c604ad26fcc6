#include "panels.h"

typedef Word Quad __attribute__((vector_size(16)));
typedef Word LooseQuad __attribute__((vector_size(16), aligned(4), may_alias));
typedef int64_t LooseHalves __attribute__((vector_size(16), aligned(4), may_alias));
typedef int64_t LooseHalf __attribute__((aligned(4), may_alias));

INLINE Quad load_quad(const Word *from) { return *(const LooseQuad *)from; }

INLINE void store_quad(Word *to, Quad values) { *(LooseQuad *)to = values; }

INLINE void copy_words(Word *to, const Word *from, Index count) {
  Index i = 0;
  for (; i + 4 <= count; i += 4) store_quad(to + i, load_quad(from + i));
  for (; i < count; i++) to[i] = from[i];
}

INLINE void clear_words(Word *to, Index count) {
  Index i = 0;
  for (; i + 4 <= count; i += 4) store_quad(to + i, (Quad){0});
  for (; i < count; i++) to[i] = 0;
}

/** Four rows of `length` words become `length` groups of four, `step` words apart. */
static void transpose_four(Word *const rows[4], Index length, Word *to, Index step) {
  Index p = 0;
  for (; p + 4 <= length; p += 4, to += 4 * step) {
    const Quad a = load_quad(rows[0] + p), b = load_quad(rows[1] + p);
    const Quad c = load_quad(rows[2] + p), d = load_quad(rows[3] + p);
    const Quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const Quad ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7), cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    store_quad(to, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
    store_quad(to + step, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
    store_quad(to + 2 * step, __builtin_shufflevector(ab2, cd2, 0, 1, 4, 5));
    store_quad(to + 3 * step, __builtin_shufflevector(ab2, cd2, 2, 3, 6, 7));
  }
  for (; p < length; p++, to += step) store_quad(to, (Quad){rows[0][p], rows[1][p], rows[2][p], rows[3][p]});
}

/** The same for two rows. */
static void transpose_two(Word *const rows[2], Index length, Word *to, Index step) {
  for (Index p = 0; p < length; p++, to += step) {
    to[0] = rows[0][p];
    to[1] = rows[1][p];
  }
}

/** The matrix with rows and columns exchanged. */
static Operand exchanged(const Operand *a) {
  Operand result = *a;
  result.row = a->column;
  result.column = a->row;
  result.transposed = !a->transposed;
  return result;
}

/** Whether neighbours of a row are neighbours in memory, or cheap to gather. */
static int along_rows(const Operand *a) { return a->kernel ? !a->transposed : a->column == 1 || a->row != 1; }

/** A run of pixels, long as a rule: whole vectors first. */
INLINE void copy_run(float *to, const float *from, Index count) {
  Index i = 0;
  for (; i + WIDTH <= count; i += WIDTH) store(to + i, load(from + i));
  copy_words((Word *)to + i, (const Word *)from + i, count - i);
}

INLINE Index within(Index value, Index least, Index most) { return value < least ? least : value > most ? most : value; }

/** Elements `from` to `end` of one kernel row of a patch: pixels x, x + 1, … of an image row, of which those outside the image are 0. */
static void gather_pixels(const Operand *a, const float *image_row, Index x, Index from, Index end, float *to) {
  // In floats of the image row, whose pixels have no gaps: [first, left) and [right, last) lie outside.
  const Index first = x * a->channels + from, last = x * a->channels + end;
  const Index left = within(0, first, last), right = within(a->width * a->channels, left, last);
  clear_words((Word *)to, left - first);
  copy_run(to + left - first, image_row + left, right - left);
  clear_words((Word *)to + right - first, last - right);
}

/** Elements `from` to `end` of the patch of output pixel `i`. */
static void gather_patch(const Operand *a, Index i, Index from, Index end, float *to) {
  const Index length = a->kernel * a->channels;
  const Index x = i % a->out_width * a->stride - a->pad_left;
  const Index line = i / a->out_width;
  const Index y = line % a->out_height * a->stride - a->pad_top;
  const float *image = a->data + line / a->out_height * a->height * a->width * a->channels;
  // A place in the image's row is counted in floats: far beside the image it would not fit into 32 bits.
  const int beside = x >= a->width || x + a->kernel <= 0;
  for (Index ky = from / length; from < end; ky++) {
    const Index stop = (ky + 1) * length < end ? (ky + 1) * length : end;
    if (beside || y + ky < 0 || y + ky >= a->height) clear_words((Word *)to, stop - from);
    else gather_pixels(a, image + (y + ky) * a->width * a->channels, x, from - ky * length, stop - ky * length, to);
    to += stop - from;
    from = stop;
  }
}

/** Elements `from` to `from + count` of row `i`, which must lie along memory: where they stand, or gathered into `buffer`. */
static const float *gather_row(const Operand *a, Index i, Index from, Index count, float *buffer) {
  if (a->kernel) {
    gather_patch(a, i, from, from + count, buffer);
    return buffer;
  }
  const float *row = a->data + i * a->row + from * a->column;
  if (a->column == 1) return row;
  for (Index j = 0; j < count; j++) buffer[j] = row[j * a->column];
  return buffer;
}

/** Pairs of neighbours as words of bfloat16, rounded to nearest; with an odd count, the last one's partner is 0. */
static void round_pairs(const float *from, Index count, Word *to) {
#if defined(__AVX512BF16__)
  for (Index i = 0; i < count; i += WIDTH) {
    const __m512 values = (__m512)(count - i < WIDTH ? load_part(from + i, count - i) : load(from + i));
    const __m256i pairs = (__m256i)_mm512_cvtneps_pbh(values);
    if (count - i >= WIDTH) _mm256_storeu_si256((__m256i *)(to + i / 2), pairs);
    else _mm256_mask_storeu_epi32(to + i / 2, (__mmask8)((1u << (count - i + 1) / 2) - 1), pairs);
  }
#else
  (void)from, (void)count, (void)to;
#endif
}

/** One float of each row as a word of bfloat16; without a second row, its part is 0. */
static void round_rows(const float *first, const float *second, Index count, Word *to) {
#if defined(__AVX512BF16__)
  for (Index i = 0; i < count; i += WIDTH) {
    const Index left = count - i < WIDTH ? count - i : WIDTH;
    const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)load_part(first + i, left)));
    const Vector other = second ? load_part(second + i, left) : splat(0);
    const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)other));
    store_part((float *)to + i, (Vector)_mm512_or_si512(low, _mm512_slli_epi32(high, 16)), left);
  }
#else
  (void)first, (void)second, (void)count, (void)to;
#endif
}

/** Words of depth of `count` floats. */
INLINE Index words_of(Index count, int precision) { return precision == NEM_BFLOAT16 ? (count + 1) / 2 : count; }

/** Row `i` of a matrix whose rows lie along memory, as words. */
static Word *row_words(const Operand *a, Index i, const Part *part, const PanelLayout *layout, float *buffer) {
  if (i >= part->end) {
    clear_words((Word *)buffer, words_of(part->count, layout->precision));
    return (Word *)buffer;
  }
  const float *row = gather_row(a, i, part->depth, part->count, buffer);
  if (layout->precision == NEM_FLOAT32) return (Word *)row;
  // In place: a word is written when its pair has been read.
  round_pairs(row, part->count, (Word *)buffer);
  return (Word *)buffer;
}

/** One panel of a matrix whose rows lie along memory. */
static void pack_rows(const Operand *a, Index i, Index height, const Part *part, const PanelLayout *layout, Word *to, float *buffer) {
  const Index words = words_of(part->count, layout->precision), room = part->count + WIDTH;
  Word *rows[4];
  for (Index r = 0; r < height; r += 4) {
    const Index some = height - r < 4 ? 2 : 4;
    for (Index s = 0; s < some; s++) rows[s] = row_words(a, i + r + s, part, layout, buffer + s * room);
    if (some == 4) transpose_four(rows, words, to + r, height);
    else transpose_two(rows, words, to + r, height);
  }
  clear_words(to + words * height, (layout->words - words) * height);
}

/** The same in chunks. */
static void pack_rows_in_chunks(const Operand *a, Index i, Index height, const Part *part, const PanelLayout *layout, Word *to,
                                float *buffer) {
  const Index words = words_of(part->count, layout->precision);
  for (Index r = 0; r < height; r++) {
    const Word *row = row_words(a, i + r, part, layout, buffer);
    for (Index w = 0; w < layout->words; w += CHUNK) {
      Word *place = to + w * height + r * CHUNK;
      const Index there = words - w < 0 ? 0 : words - w < CHUNK ? words - w : CHUNK;
      copy_words(place, row + w, there);
      clear_words(place + there, CHUNK - there);
    }
  }
}

/** Word `w` of depth of all rows of a part, from the exchanged matrix, whose rows lie along memory. */
static Word *column_words(const Operand *exchange, Index w, const Part *part, int precision, float *buffer) {
  const Index rows = part->end - part->first;
  if (w >= words_of(part->count, precision)) {
    clear_words((Word *)buffer, rows);
    return (Word *)buffer;
  }
  if (precision == NEM_FLOAT32) return (Word *)gather_row(exchange, part->depth + w, part->first, rows, buffer);
  const float *first = gather_row(exchange, part->depth + 2 * w, part->first, rows, buffer);
  const int pair = 2 * w + 1 < part->count;
  const float *second = pair ? gather_row(exchange, part->depth + 2 * w + 1, part->first, rows, buffer + rows) : NULL;
  round_rows(first, second, rows, (Word *)buffer);
  return (Word *)buffer;
}

/** Asks for rows of a strided matrix some depths ahead: each is too short for the processor to foresee the next one. */
INLINE void prefetch_rows(const Operand *a, Index row, Index end, Index from, Index count) {
  if (a->kernel) return;
  for (Index i = row; i < end; i++) {
    const float *first = a->data + i * a->row + from;
    for (Index j = 0; j < count; j += 16) __builtin_prefetch(first + j);
  }
}

/** `count` words of depth of one panel: of each, `there` of `height` rows, `from` words into the rows given. */
INLINE void spread_panel(Word *const *words, Index count, Index from, Index there, Index height, Word *to) {
  for (Index w = 0; w < count; w++, to += height) {
    copy_words(to, words[w] + from, there);
    clear_words(to + there, height - there);
  }
}

/** The same for a chunk, whose rows stand one after the other. */
static void spread_chunk(Word *const *words, Index from, Index there, Index height, Word *to) {
  for (Index w = 0; w < CHUNK; w += 4) {
    Word *rows[4] = {words[w] + from, words[w + 1] + from, words[w + 2] + from, words[w + 3] + from};
    transpose_four(rows, there, to + w, CHUNK);
  }
  clear_words(to + there * CHUNK, (height - there) * CHUNK);
}

/** Words of depth `w` to `w + count` of all panels. */
static void spread(Word *const *words, Index w, Index count, const Part *part, Index total, const PanelLayout *layout, Word *packed) {
  for (Index i = part->first, height; i < part->end; i += height) {
    height = layout->height(total - i);
    const Index from = i - part->first, there = part->end - i < height ? part->end - i : height;
    Word *to = packed + from * layout->words + w * height;
    if (layout->chunked) spread_chunk(words, from, there, height, to);
    else if (there == 8 && height == 8) spread_panel(words, count, from, 8, 8, to);
    else if (there == 6 && height == 6) spread_panel(words, count, from, 6, 6, to);
    else if (there == 4 && height == 4) spread_panel(words, count, from, 4, 4, to);
    else spread_panel(words, count, from, there, height, to);
  }
}

/**
 * Packs a part of a matrix of `total` rows as panels, one after the other: the panel of row i at (i − first) · words. The buffer has room
 * for PANEL_BUFFER(rows, depth) floats.
 */
static void pack_panels(const Operand *a, const Part *part, Index total, const PanelLayout *layout, float *packed, float *buffer) {
  Word *to = (Word *)packed;
  if (along_rows(a)) {
    for (Index i = part->first, height; i < part->end; i += height) {
      height = layout->height(total - i);
      Word *panel = to + (i - part->first) * layout->words;
      if (layout->chunked) pack_rows_in_chunks(a, i, height, part, layout, panel, buffer);
      else pack_rows(a, i, height, part, layout, panel, buffer);
    }
    return;
  }
  const Operand exchange = exchanged(a);
  const Index room = 2 * (part->end - part->first);
  for (Index w = 0; w < layout->words; w += CHUNK) {
    Word *words[CHUNK];
    const Index ahead = part->depth + (w + CHUNK) * (layout->precision == NEM_BFLOAT16 ? 2 : 1);
    const Index last = part->depth + part->count;
    prefetch_rows(&exchange, ahead, ahead + CHUNK < last ? ahead + CHUNK : last, part->first, part->end - part->first);
    const Index count = layout->words - w < CHUNK ? layout->words - w : CHUNK;
    for (Index s = 0; s < count; s++) words[s] = column_words(&exchange, w + s, part, layout->precision, buffer + s * room);
    spread(words, w, count, part, total, layout, to);
  }
}
