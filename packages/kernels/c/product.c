// Matrix products, blocked for the caches. A block of A (BLOCK_ROWS × DEPTH) stays in the second-level cache, packed or, where its rows lie along
// memory and the processor reads them as fast, in place; for each panel of B, all panels of A's block pass by it. A tile of C is summed in registers over the block's depth. Sums are made in the same order
// whatever the machine: block by block, and in a block one depth after the other.
#include "panels.c"

// The tile: ROWS × (VECTORS vectors) of C, as many as the registers hold beside a row of B and one element of A; under V8, which loads all
// of A's elements before it uses the first, beside all of them.
#if WIDTH == 16
#define ROWS 8
#define VECTORS 3
#define DEPTH 512
#elif WIDTH == 8
#define ROWS 6
#define VECTORS 2
#define DEPTH 384
#elif defined(__aarch64__)
#define ROWS 8
#define VECTORS 3
#define DEPTH 256
#else
#define ROWS 4
#define VECTORS 2
#define DEPTH 384
#endif
#define BLOCK_ROWS 96

// Whether the tile's elements of A may be read from rows of their own: with the addressing and the registers of x64. To pack A would cost up to
// a fifth of a product with few columns.
#if defined(__x86_64__)
#define IN_PLACE 1
#else
#define IN_PLACE 0
#endif
#define BLOCK_COLUMNS 480

/** Depths that the inner loop asks for before it needs them. */
#define AHEAD 8

/** A panel of A by a panel of B: one tile of C. */
typedef struct {
  const float *a, *b;
  /** How far A's rows stand apart where they are read in place; 0 where they are packed. */
  Index a_row;
  /** Lines to ask for meanwhile, one a depth: a part of the next panel of B, which may not be in the second-level cache yet. */
  const float *next;
  /** The panel of A: its first row in C, and the rows that there are. */
  Index row, rows;
  /** The panel of B: its first column in C, the columns that there are, and its width. */
  Index column, columns, width;
  Index words;
  /** 1: what stands in C is added. 1: after this, C is complete. */
  int add, last;
} Tile;

#if defined(__AMX_BF16__) || defined(NEM_EMULATE_TILES)
#define TILES 1
#include "tiles.h"
#define MOST_ROWS TILE_ROWS
#define MOST_DEPTH TILE_DEPTH
#else
#define TILES 0
#define MOST_ROWS ROWS
#define MOST_DEPTH DEPTH
#endif

#define MOST_COLUMNS (VECTORS * WIDTH)
/** Words of a packed block of A (its last panel may be padded), of B, and of the rows that are gathered meanwhile. */
#define A_WORDS ((BLOCK_ROWS + MOST_ROWS) * MOST_DEPTH)
#define B_WORDS ((BLOCK_COLUMNS + MOST_COLUMNS) * MOST_DEPTH)
#define BUFFER_WORDS PANEL_BUFFER(BLOCK_COLUMNS + MOST_COLUMNS, 2 * MOST_DEPTH)

/** How the operands of a product are packed and read, by precision. */
typedef struct {
  int precision;
  int tiles;
  /** Most words of depth and rows of A in a block. */
  Index depth, block_rows;
  /** Depths are padded to a multiple of so many words. */
  Index multiple;
  Index rows;
} Blocking;

static Blocking blocking_of(int precision) {
#if TILES
  if (precision == NEM_BFLOAT16) return (Blocking){precision, 1, TILE_DEPTH, BLOCK_ROWS, 16, TILE_ROWS};
#endif
  return (Blocking){precision, 0, DEPTH, BLOCK_ROWS, 1, ROWS};
}

static Index smallest(Index a, Index b) { return a < b ? a : b; }

static Index round_up(Index value, Index multiple) { return (value + multiple - 1) / multiple * multiple; }

static Index a_height(Index left) {
  (void)left;
  return ROWS;
}

/** The width of B's next panel. The last ones are such that none is a single vector, which would be read too often for too little. */
static Index b_width(Index left) {
  const Index vectors = (left + WIDTH - 1) / WIDTH;
  if (VECTORS == 3 && vectors == 4) return 2 * WIDTH;
  return smallest(vectors, VECTORS) * WIDTH;
}

#if TILES
static Index tile_a_height(Index left) {
  (void)left;
  return TILE_ROWS;
}

static Index tile_b_width(Index left) { return left <= 16 ? 16 : 32; }
#endif

static PanelLayout a_layout(const Blocking *blocking, Index words) {
#if TILES
  if (blocking->tiles) return (PanelLayout){tile_a_height, words, blocking->precision, 1};
#endif
  return (PanelLayout){a_height, words, blocking->precision, 0};
}

static PanelLayout b_layout(const Blocking *blocking, Index words) {
#if TILES
  if (blocking->tiles) return (PanelLayout){tile_b_width, words, blocking->precision, 0};
#endif
  return (PanelLayout){b_width, words, blocking->precision, 0};
}

/** The block of depth from `at` on: its words, padded, and the floats of the matrices that it covers. */
typedef struct {
  Index words, first, count;
} Slice;

static Slice slice_of(const Blocking *blocking, Index k, Index at) {
  const Index floats = blocking->precision == NEM_BFLOAT16 ? 2 : 1;
  const Index all = round_up((k + floats - 1) / floats, blocking->multiple);
  // Slices of the same size, but for the last.
  const Index slices = (all + blocking->depth - 1) / blocking->depth;
  const Index words = round_up((all + slices - 1) / slices, blocking->multiple);
  const Slice slice = {
      .words = smallest(words, all - at),
      .first = at * floats,
      .count = smallest(words * floats, k - at * floats),
  };
  return slice;
}

static Index padded_columns(const PanelLayout *layout, Index n) {
  Index columns = 0;
  while (columns < n) columns += layout->height(n - columns);
  return columns;
}

static int is_narrow(Index n, int precision);

static Index packed_floats(Index k, Index n, int precision) {
  if (is_narrow(n, precision)) return n * k;
  const Blocking blocking = blocking_of(precision);
  const PanelLayout layout = b_layout(&blocking, 0);
  const Index words = precision == NEM_BFLOAT16 ? (k + 1) / 2 : k;
  return round_up(words, blocking.multiple) * padded_columns(&layout, n);
}

static Index workspace_floats(void) { return A_WORDS + B_WORDS + BUFFER_WORDS; }

INLINE float *output_row(const Output *c, Index i) { return c->data + i * c->row; }

/** Floats of a cache line. */
#define LINE 16

/** Where the rows of a tile start in A. Beyond the last row, the last one serves again: its sums are not used. */
INLINE void find_rows(const Tile *tile, const float **starts) {
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; r++) {
    starts[r] = tile->a_row ? tile->a + smallest(r, tile->rows - 1) * tile->a_row : tile->a + r;
  }
}

/** ROWS × `vectors` sums over the block's depth, added to the rows given or stored there; A is packed, or in place. */
INLINE void sum_tile(const int vectors, const int in_place, const Tile *tile, float *const *rows, int add) {
  Vector sums[ROWS][VECTORS];
  const float *b = tile->b, *starts[ROWS];
  find_rows(tile, starts);
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 3
    for (int v = 0; v < vectors; v++) {
      __builtin_prefetch(rows[r] + v * WIDTH, 1);
      sums[r][v] = splat(0);
    }
  }
  for (Index p = 0; p < tile->words; p++, b += vectors * WIDTH) {
    Vector right[VECTORS];
    if (IN_PLACE) __builtin_prefetch(tile->next + p * LINE, 0, 2);
#pragma GCC unroll 3
    for (int v = 0; v < vectors; v++) {
      if (v * WIDTH % 16 == 0) __builtin_prefetch(b + (AHEAD * vectors + v) * WIDTH);
      right[v] = load(b + v * WIDTH);
    }
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) {
      const Vector left = splat(in_place ? starts[r][p] : tile->a[p * ROWS + r]);
#pragma GCC unroll 3
      for (int v = 0; v < vectors; v++) sums[r][v] = multiply_add(left, right[v], sums[r][v]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 3
    for (int v = 0; v < vectors; v++) {
      float *to = rows[r] + v * WIDTH;
      store(to, add ? load(to) + sums[r][v] : sums[r][v]);
    }
  }
}

static __attribute__((noinline)) void sum_floats(const Tile *tile, float *const *rows, int add) {
  switch (tile->width / WIDTH) {
    case 1: sum_tile(1, 0, tile, rows, add); break;
    case 2: sum_tile(2, 0, tile, rows, add); break;
    default: sum_tile(VECTORS, 0, tile, rows, add); break;
  }
}

static __attribute__((noinline)) void sum_floats_in_place(const Tile *tile, float *const *rows, int add) {
  switch (tile->width / WIDTH) {
    case 1: sum_tile(1, 1, tile, rows, add); break;
    case 2: sum_tile(2, 1, tile, rows, add); break;
    default: sum_tile(VECTORS, 1, tile, rows, add); break;
  }
}

#if defined(__AVX512BF16__)
/** sum_tile for pairs of bfloat16. */
INLINE void sum_pairs_tile(const int vectors, const Tile *tile, float *const *rows, int add) {
  __m512 sums[ROWS][VECTORS];
  const float *a = tile->a, *b = tile->b;
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 3
    for (int v = 0; v < vectors; v++) sums[r][v] = _mm512_setzero_ps();
  }
  for (Index p = 0; p < tile->words; p++, a += ROWS, b += vectors * WIDTH) {
    __m512bh right[VECTORS];
#pragma GCC unroll 3
    for (int v = 0; v < vectors; v++) right[v] = (__m512bh)_mm512_loadu_si512(b + v * WIDTH);
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) {
      const __m512bh left = (__m512bh)_mm512_set1_epi32(((const Word *)a)[r]);
#pragma GCC unroll 3
      for (int v = 0; v < vectors; v++) sums[r][v] = _mm512_dpbf16_ps(sums[r][v], left, right[v]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 3
    for (int v = 0; v < vectors; v++) {
      float *to = rows[r] + v * WIDTH;
      store(to, add ? load(to) + (Vector)sums[r][v] : (Vector)sums[r][v]);
    }
  }
}

static __attribute__((noinline)) void sum_pairs(const Tile *tile, float *const *rows, int add) {
  switch (tile->width / WIDTH) {
    case 1: sum_pairs_tile(1, tile, rows, add); break;
    case 2: sum_pairs_tile(2, tile, rows, add); break;
    default: sum_pairs_tile(VECTORS, tile, rows, add); break;
  }
}
#endif

INLINE void sum_any(const Blocking *blocking, const Tile *tile, float *const *rows, int add) {
#if TILES
  if (blocking->tiles) {
    sum_tiles(tile, rows, add);
    return;
  }
#endif
#if defined(__AVX512BF16__)
  if (blocking->precision == NEM_BFLOAT16) {
    sum_pairs(tile, rows, add);
    return;
  }
#endif
  (void)blocking;
  if (IN_PLACE && tile->a_row) sum_floats_in_place(tile, rows, add);
  else sum_floats(tile, rows, add);
}

/** Adds the bias and applies the activation to `columns` values of a row of C, from column `column` on. */
static void finish_row(float *row, Index column, Index columns, const Epilogue *epilogue) {
  for (Index j = 0; j < columns; j += WIDTH) {
    const Index left = columns - j;
    Vector value = left < WIDTH ? load_part(row + j, left) : load(row + j);
    if (epilogue->bias) {
      const float *bias = epilogue->bias + column + j;
      value += left < WIDTH ? load_part(bias, left) : load(bias);
    }
    value = activate(epilogue->activation, value);
    if (left < WIDTH) store_part(row + j, value, left);
    else store(row + j, value);
  }
}

/** Adds or copies the part of a whole tile that is C's. */
static void take_part(const Tile *tile, const float *whole, float *const *rows) {
  for (Index r = 0; r < tile->rows; r++, whole += tile->width) {
    for (Index j = 0; j < tile->columns; j += WIDTH) {
      const Index left = smallest(tile->columns - j, WIDTH);
      const Vector values = load(whole + j);
      store_part(rows[r] + j, tile->add ? load_part(rows[r] + j, left) + values : values, left);
    }
  }
}

static void compute_tile(const Blocking *blocking, const Tile *tile, const Output *c, const Epilogue *epilogue) {
  float *rows[MOST_ROWS];
  for (Index r = 0; r < tile->rows; r++) rows[r] = output_row(c, tile->row + r) + tile->column;
  if (tile->rows == blocking->rows && tile->columns == tile->width) {
    sum_any(blocking, tile, rows, tile->add);
  } else {
    float whole[MOST_ROWS * MOST_COLUMNS] __attribute__((aligned(64)));
    float *scratch[MOST_ROWS];
    for (Index r = 0; r < blocking->rows; r++) scratch[r] = whole + r * tile->width;
    sum_any(blocking, tile, scratch, 0);
    take_part(tile, whole, rows);
  }
  if (tile->last && (epilogue->bias || epilogue->activation != LINEAR)) {
    for (Index r = 0; r < tile->rows; r++) finish_row(rows[r], tile->column, tile->columns, epilogue);
  }
}

/** Everything that the loops over blocks share. */
typedef struct {
  Index m, n, k;
  const Operand *a;
  const Output *c;
  const Epilogue *epilogue;
  Blocking blocking;
  float *a_block, *b_block, *buffer;
} Product;

static Product product_of(Index m, Index n, Index k, const Operand *a, const Output *c, const Epilogue *epilogue, int precision,
                          float *workspace) {
  const Product p = {
      .m = m,
      .n = n,
      .k = k,
      .a = a,
      .c = c,
      .epilogue = epilogue,
      .blocking = blocking_of(precision),
      .a_block = workspace,
      .b_block = workspace + A_WORDS,
      .buffer = workspace + A_WORDS + B_WORDS,
  };
  return p;
}

#include "narrow.c"

static void pack(Index k, Index n, const Operand *b, int precision, float *packed, float *workspace) {
  if (is_narrow(n, precision)) {
    pack_narrow(b, n, 0, k, packed);
    return;
  }
  const Blocking blocking = blocking_of(precision);
  const Operand columns = exchanged(b);
  Slice slice;
  for (Index at = 0; slice = slice_of(&blocking, k, at), slice.words > 0; at += slice.words) {
    const PanelLayout layout = b_layout(&blocking, slice.words);
    const Index high = padded_columns(&layout, n);
    for (Index j = 0, end; j < n; j = end) {
      for (end = j; end < n && end - j < BLOCK_COLUMNS;) end += layout.height(n - end);
      const Part part = {j, smallest(end, n), slice.first, slice.count};
      pack_panels(&columns, &part, n, &layout, packed + at * high + j * slice.words, workspace);
    }
  }
}

static int is_read_in_place(const Product *p) {
  return IN_PLACE && p->blocking.precision == NEM_FLOAT32 && !p->a->kernel && p->a->column == 1 && p->a->row > 0;
}

/** Rows `row` to `row_end` of C, columns `column` to `column_end`, over one slice of the depth; the packed B starts at `column`. */
static void multiply_block(const Product *p, Index row, Index row_end, Index column, Index column_end, Slice slice, const float *b) {
  const PanelLayout layout = a_layout(&p->blocking, slice.words), b_panels = b_layout(&p->blocking, slice.words);
  const Part part = {row, row_end, slice.first, slice.count};
  const int in_place = is_read_in_place(p);
  if (!in_place) pack_panels(p->a, &part, p->m, &layout, p->a_block, p->buffer);
  Tile tile = {.words = slice.words, .a_row = in_place ? p->a->row : 0};
  tile.add = p->epilogue->accumulate || slice.first > 0;
  tile.last = slice.first + slice.count == p->k;
  for (tile.column = column; tile.column < column_end; tile.column += tile.width) {
    tile.width = b_panels.height(p->n - tile.column);
    tile.columns = smallest(tile.width, p->n - tile.column);
    tile.b = b + (tile.column - column) * slice.words;
    tile.next = tile.b + tile.width * slice.words;
    for (tile.row = row; tile.row < row_end; tile.row += p->blocking.rows, tile.next += LINE * slice.words) {
      tile.rows = smallest(p->blocking.rows, row_end - tile.row);
      tile.a = in_place ? p->a->data + tile.row * p->a->row + slice.first : p->a_block + (tile.row - row) * slice.words;
      compute_tile(&p->blocking, &tile, p->c, p->epilogue);
    }
  }
}

/** The end of the block of rows from `row` on: blocks of the same size, whole tiles but for the last. */
static Index block_end(const Product *p, Index row) {
  const Index blocks = (p->m + p->blocking.block_rows - 1) / p->blocking.block_rows;
  return smallest(p->m, row + round_up((p->m + blocks - 1) / blocks, p->blocking.rows));
}

static void product(Index m, Index n, Index k, const Operand *a, const float *packed_b, const Output *c, const Epilogue *epilogue,
                    int precision, float *workspace) {
  const Product p = product_of(m, n, k, a, c, epilogue, precision, workspace);
  if (is_narrow(n, precision)) {
    narrow_product(&p, NULL, packed_b);
    return;
  }
  const PanelLayout layout = b_layout(&p.blocking, 0);
  const Index high = padded_columns(&layout, n);
#if TILES
  if (p.blocking.tiles) start_tiles();
#endif
  for (Index row = 0, row_end; row < m; row = row_end) {
    row_end = block_end(&p, row);
    Slice slice;
    for (Index at = 0; slice = slice_of(&p.blocking, k, at), slice.words > 0; at += slice.words) {
      multiply_block(&p, row, row_end, 0, n, slice, packed_b + at * high);
    }
  }
#if TILES
  if (p.blocking.tiles) stop_tiles();
#endif
}

/** Packs columns `column` to `end` of B over one slice of the depth. */
static void pack_b_block(const Product *p, const Operand *columns, Index column, Index end, Slice slice) {
  const PanelLayout layout = b_layout(&p->blocking, slice.words);
  const Part part = {column, end, slice.first, slice.count};
  pack_panels(columns, &part, p->n, &layout, p->b_block, p->buffer);
}

static void product_once(Index m, Index n, Index k, const Operand *a, const Operand *b, const Output *c, const Epilogue *epilogue,
                         int precision, float *workspace) {
  const Product p = product_of(m, n, k, a, c, epilogue, precision, workspace);
  if (is_narrow(n, precision)) {
    narrow_product(&p, b, NULL);
    return;
  }
  const PanelLayout layout = b_layout(&p.blocking, 0);
  const Operand columns = exchanged(b);
#if TILES
  if (p.blocking.tiles) start_tiles();
#endif
  for (Index column = 0, end; column < n; column = end) {
    for (end = column; end < n && end - column < BLOCK_COLUMNS;) end += layout.height(n - end);
    end = smallest(end, n);
    Slice slice;
    for (Index at = 0; slice = slice_of(&p.blocking, k, at), slice.words > 0; at += slice.words) {
      pack_b_block(&p, &columns, column, end, slice);
      for (Index row = 0, row_end; row < m; row = row_end) {
        row_end = block_end(&p, row);
        multiply_block(&p, row, row_end, column, end, slice, p.b_block);
      }
    }
  }
#if TILES
  if (p.blocking.tiles) stop_tiles();
#endif
}
