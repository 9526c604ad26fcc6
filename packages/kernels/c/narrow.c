// Products with few columns (the last layer of a network that draws one channel). Panels would leave most lanes of a vector empty, so the lanes
// run along the depth (dot products), or along the rows where those lie along memory (weight gradients). Included by product.c.

/** At most this many columns count as few. */
#define NARROW 4
/** Rows whose dot products are made at once, as the registers allow. */
#if WIDTH == 16 || defined(__aarch64__)
#define DOT_ROWS 4
#else
#define DOT_ROWS 2
#endif
/** Depths, and rows, of a block where the lanes run along the rows. */
#define OUTER_DEPTH 64
#define OUTER_ROWS 384

static int is_narrow(Index n, int precision) { return n <= NARROW && precision == NEM_FLOAT32; }

/** Packs the columns of B one after the other, each of `count` floats from depth `first` on. */
static void pack_narrow(const Operand *b, Index n, Index first, Index count, float *packed) {
  const Operand columns = exchanged(b);
  for (Index d = 0; d < count && !along_rows(&columns); d++) {
    float gathered[NARROW];
    const float *row = gather_row(b, first + d, 0, n, gathered);
    for (Index j = 0; j < n; j++) packed[j * count + d] = row[j];
  }
  for (Index j = 0; j < n && along_rows(&columns); j++) {
    float *to = packed + j * count;
    const float *from = gather_row(&columns, j, first, count, to);
    if (from != to) copy_words((Word *)to, (const Word *)from, count);
  }
}

/** The sum of each of four vectors. */
INLINE void sum_four(const Vector *vectors, float *sums) {
  for (int j = 0; j < NARROW; j++) {
    float lanes[WIDTH];
    store(lanes, vectors[j]);
#pragma GCC unroll 4
    for (int half = WIDTH / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
      for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
    }
    sums[j] = lanes[0];
  }
}

/** Dot products of DOT_ROWS rows with `columns` columns over a depth. */
INLINE void dot_tile(const int columns, const float *const *rows, const float *b, Index step, Index depth, float sums[][NARROW]) {
  Vector dots[DOT_ROWS][NARROW];
#pragma GCC unroll 4
  for (int r = 0; r < DOT_ROWS; r++) {
#pragma GCC unroll 4
    for (int j = 0; j < NARROW; j++) dots[r][j] = splat(0);
  }
  Index p = 0;
  for (; p + WIDTH <= depth; p += WIDTH) {
    Vector right[NARROW];
#pragma GCC unroll 4
    for (int j = 0; j < columns; j++) right[j] = load(b + j * step + p);
#pragma GCC unroll 4
    for (int r = 0; r < DOT_ROWS; r++) {
      const Vector left = load(rows[r] + p);
#pragma GCC unroll 4
      for (int j = 0; j < columns; j++) dots[r][j] = multiply_add(left, right[j], dots[r][j]);
    }
  }
  for (int r = 0; p < depth && r < DOT_ROWS; r++) {
    const Vector left = load_part(rows[r] + p, depth - p);
    for (int j = 0; j < columns; j++) dots[r][j] = multiply_add(left, load_part(b + j * step + p, depth - p), dots[r][j]);
  }
  for (int r = 0; r < DOT_ROWS; r++) sum_four(dots[r], sums[r]);
}

static void dot_rows(Index n, const float *const *rows, const float *b, Index step, Index depth, float sums[][NARROW]) {
  switch (n) {
    case 1: dot_tile(1, rows, b, step, depth, sums); break;
    case 2: dot_tile(2, rows, b, step, depth, sums); break;
    case 3: dot_tile(3, rows, b, step, depth, sums); break;
    default: dot_tile(4, rows, b, step, depth, sums); break;
  }
}

/** Writes the sums of one row of C, or adds them; with bias and activation where they are the last. */
static void put_narrow(const Product *p, Index i, const float *sums, int add, int last) {
  float *row = output_row(p->c, i);
  for (Index j = 0; j < p->n; j++) row[j] = add ? row[j] + sums[j] : sums[j];
  if (last && (p->epilogue->bias || p->epilogue->activation != LINEAR)) finish_row(row, 0, p->n, p->epilogue);
}

/** All rows over the depths from `first` on; B's columns are `step` floats apart. */
static void narrow_dots(const Product *p, const float *b, Index step, Index first, Index count) {
  const int add = p->epilogue->accumulate || first > 0, last = first + count == p->k;
  for (Index i = 0; i < p->m; i += DOT_ROWS) {
    const Index there = smallest(DOT_ROWS, p->m - i);
    const float *rows[DOT_ROWS];
    float sums[DOT_ROWS][NARROW];
    for (Index r = 0; r < DOT_ROWS; r++) {
      rows[r] = r < there ? gather_row(p->a, i + r, first, count, p->buffer + r * DEPTH) : rows[0];
    }
    dot_rows(p->n, rows, b, step, count, sums);
    for (Index r = 0; r < there; r++) put_narrow(p, i + r, sums[r], add, last);
  }
}

/** Adds `columns` outer products' sums for WIDTH rows of C: each depth's floats of A, times B's. */
INLINE void outer_tile(const int columns, const float *const *depths, Index at, Index count, const float *b, Index step, float *sums) {
  Vector totals[NARROW];
#pragma GCC unroll 4
  for (int j = 0; j < columns; j++) totals[j] = load(sums + j * OUTER_ROWS);
  for (Index p = 0; p < count; p++) {
    const Vector left = load(depths[p] + at);
#pragma GCC unroll 4
    for (int j = 0; j < columns; j++) totals[j] = multiply_add(left, splat(b[j * step + p]), totals[j]);
  }
#pragma GCC unroll 4
  for (int j = 0; j < columns; j++) store(sums + j * OUTER_ROWS, totals[j]);
}

/** The sums of `rows` rows of C over some depths; what is left of a vector goes row by row. */
static void outer_rows(Index n, const float *const *depths, Index rows, Index count, const float *b, Index step, float *sums) {
  Index i = 0;
  for (; i + WIDTH <= rows; i += WIDTH) {
    switch (n) {
      case 1: outer_tile(1, depths, i, count, b, step, sums + i); break;
      case 2: outer_tile(2, depths, i, count, b, step, sums + i); break;
      case 3: outer_tile(3, depths, i, count, b, step, sums + i); break;
      default: outer_tile(4, depths, i, count, b, step, sums + i); break;
    }
  }
  for (; i < rows; i++) {
    for (Index j = 0; j < n; j++) {
      for (Index p = 0; p < count; p++) sums[j * OUTER_ROWS + i] += depths[p][i] * b[j * step + p];
    }
  }
}

/** Rows `row` to `row + rows` of C over all depths; without a packed B (NULL), its columns are packed depth by depth. */
static void narrow_outer(const Product *p, const Operand *b, const float *packed, Index row, Index rows) {
  const Operand exchange = exchanged(p->a);
  float *sums = p->a_block, *gathered = p->b_block, *columns = p->buffer;
  clear_words((Word *)sums, p->n * OUTER_ROWS);
  for (Index first = 0; first < p->k; first += OUTER_DEPTH) {
    const Index count = smallest(OUTER_DEPTH, p->k - first);
    const float *depths[OUTER_DEPTH];
    for (Index d = 0; d < count; d++) depths[d] = gather_row(&exchange, first + d, row, rows, gathered + d * OUTER_ROWS);
    if (!packed) pack_narrow(b, p->n, first, count, columns);
    outer_rows(p->n, depths, rows, count, packed ? packed + first : columns, packed ? p->k : count, sums);
  }
  for (Index i = 0; i < rows; i++) {
    float one[NARROW];
    for (Index j = 0; j < p->n; j++) one[j] = sums[j * OUTER_ROWS + i];
    put_narrow(p, row + i, one, p->epilogue->accumulate, 1);
  }
}

/** A product with few columns, of a packed B, [n][k], or of B itself. */
static void narrow_product(const Product *p, const Operand *b, const float *packed) {
  if (!along_rows(p->a)) {
    for (Index row = 0; row < p->m; row += OUTER_ROWS) narrow_outer(p, b, packed, row, smallest(OUTER_ROWS, p->m - row));
    return;
  }
  for (Index first = 0; first < p->k; first += DEPTH) {
    const Index count = smallest(DEPTH, p->k - first);
    if (!packed) pack_narrow(b, p->n, first, count, p->b_block);
    narrow_dots(p, packed ? packed + first : p->b_block, packed ? p->k : count, first, count);
  }
}
