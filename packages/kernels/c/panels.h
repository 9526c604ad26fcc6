// Operands as panels: the order in which the inner loops of a product read them. A panel of `height` rows of a matrix stands word by
// word of its depth: [depth][height]; for tiles: [depth / 16][height][16]. A word is a float, or a pair of bfloat16 of neighbouring depths.
#ifndef NEM_PANELS_H
#define NEM_PANELS_H

#include "product.h"

typedef int32_t Word;

/** Words of depth in a chunk. */
#define CHUNK 16

/** A part of a matrix: rows `first` to `end`, at depths `depth` to `depth + count`. */
typedef struct {
  Index first, end, depth, count;
} Part;

typedef struct {
  /** The height of the next panel, where `left` rows are left. */
  Index (*height)(Index left);
  /** Words of depth of each panel: at least the part's; the rest are 0. */
  Index words;
  int precision;
  /** 1: [depth / 16][height][16]; the words are a multiple of 16. */
  int chunked;
} PanelLayout;

/** Floats of scratch memory for pack_panels, where a part has at most so many rows and floats of depth. */
#define PANEL_BUFFER(rows, depth) (2 * CHUNK * (rows) > 4 * (depth) + 64 ? 2 * CHUNK * (rows) : 4 * (depth) + 64)

#endif
