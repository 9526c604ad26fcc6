// Products in bfloat16 by tiles (AMX): 32 × 32 sums in four tiles of 16 × 16, from two tiles of A and two of B at a time. Without such a
// processor, the tests compile this with NEM_EMULATE_TILES.
#ifndef NEM_TILES_H
#define NEM_TILES_H

#define TILE_ROWS 32
#define TILE_DEPTH 512

#if defined(NEM_EMULATE_TILES)
#include "tiles.emulated.h"
#else
#define tile_zero _tile_zero
#define tile_load _tile_loadd
#define tile_store _tile_stored
#define tile_dot _tile_dpbf16ps

/** gcc's tile instructions do not say that they read memory: what was written before must be there. */
INLINE void memory_is_written(const void *address) { __asm__ volatile("" : : "r"(address) : "memory"); }

/** All eight tiles have 16 rows of 64 bytes. */
static void start_tiles(void) {
  struct {
    uint8_t palette, start_row, unused[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
  } configuration = {.palette = 1};
  for (int i = 0; i < 8; i++) configuration.row_bytes[i] = 64, configuration.rows[i] = 16;
  memory_is_written(&configuration);
  _tile_loadconfig(&configuration);
}

static void stop_tiles(void) { _tile_release(); }
#endif

/** Two tiles of A by two of B, or by one; the sums stay in tiles 0 to 3. */
static void multiply_tiles(const Tile *tile) {
  const float *a = tile->a, *b = tile->b;
  memory_is_written(a);
  if (tile->width == 16) {
    for (Index w = 0; w < tile->words; w += 16, a += 512, b += 256) {
      tile_load(6, b, 64);
      tile_load(4, a, 64);
      tile_load(5, a + 256, 64);
      tile_dot(0, 4, 6);
      tile_dot(2, 5, 6);
    }
    return;
  }
  for (Index w = 0; w < tile->words; w += 16, a += 512, b += 512) {
    tile_load(6, b, 128);
    tile_load(4, a, 64);
    tile_load(7, b + 16, 128);
    tile_load(5, a + 256, 64);
    tile_dot(0, 4, 6);
    tile_dot(1, 4, 7);
    tile_dot(2, 5, 6);
    tile_dot(3, 5, 7);
  }
}

/** The tiles' sums to 32 rows `row` floats apart. */
static void store_tiles(const Tile *tile, float *to, Index row) {
  const Index bytes = row * (Index)sizeof(float);
  tile_store(0, to, bytes);
  tile_store(2, to + 16 * row, bytes);
  if (tile->width == 16) return;
  tile_store(1, to + 16, bytes);
  tile_store(3, to + 16 * row + 16, bytes);
}

/** sum_tile for pairs of bfloat16, by tiles. */
static void sum_tiles(const Tile *tile, float *const *rows, int add) {
  tile_zero(0);
  tile_zero(1);
  tile_zero(2);
  tile_zero(3);
  multiply_tiles(tile);
  const Index row = rows[1] - rows[0];
  int even = !add;
  for (int r = 1; r < TILE_ROWS; r++) even &= rows[r] - rows[r - 1] == row;
  if (even) {
    store_tiles(tile, rows[0], row);
    return;
  }
  float sums[TILE_ROWS * 32] __attribute__((aligned(64)));
  store_tiles(tile, sums, tile->width);
  for (int r = 0; r < TILE_ROWS; r++) {
    for (Index j = 0; j < tile->width; j += WIDTH) {
      const Vector values = load(sums + r * tile->width + j);
      store(rows[r] + j, add ? load(rows[r] + j) + values : values);
    }
  }
}

#endif
