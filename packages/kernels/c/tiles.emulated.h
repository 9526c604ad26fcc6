// What the processor's tiles do, in plain C, so that their code runs under the tests on any processor with AVX512-BF16.
static uint32_t emulated_tiles[8][16][16];
static int emulated_tiles_on = 0;

INLINE void memory_is_written(const void *address) { (void)address; }

static void start_tiles(void) { emulated_tiles_on = 1; }

static void stop_tiles(void) { emulated_tiles_on = 0; }

static void tile_zero(int t) {
  if (!emulated_tiles_on) __builtin_trap();
  __builtin_memset(emulated_tiles[t], 0, sizeof emulated_tiles[t]);
}

static void tile_load(int t, const void *from, Index bytes) {
  for (int r = 0; r < 16; r++) __builtin_memcpy(emulated_tiles[t][r], (const char *)from + r * bytes, 64);
}

static void tile_store(int t, void *to, Index bytes) {
  for (int r = 0; r < 16; r++) __builtin_memcpy((char *)to + r * bytes, emulated_tiles[t][r], 64);
}

static float float_of(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, 4);
  return value;
}

static void tile_dot(int c, int a, int b) {
  for (int m = 0; m < 16; m++) {
    for (int n = 0; n < 16; n++) {
      float sum = float_of(emulated_tiles[c][m][n]);
      for (int k = 0; k < 16; k++) {
        const uint32_t x = emulated_tiles[a][m][k], y = emulated_tiles[b][k][n];
        sum += float_of(x << 16) * float_of(y << 16);
        sum += float_of(x & 0xffff0000u) * float_of(y & 0xffff0000u);
      }
      __builtin_memcpy(&emulated_tiles[c][m][n], &sum, 4);
    }
  }
}
