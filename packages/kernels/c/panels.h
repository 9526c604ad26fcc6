// Operands as panels: the order in which the inner loops of a product read them. A panel of `height` rows of a matrix stands word by
// word of its depth, [depth][height] (or [height][depth], for tiles). A word is a float, or a pair of bfloat16 of neighbouring depths.
#ifndef NEM_PANELS_H
#define NEM_PANELS_H

#include "product.h"

typedef int32_t Word;

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
  /** 1: [height][depth]. */
  int by_row;
} PanelLayout;

/** Floats of scratch memory for pack_panels, where a part has at most so many rows and floats of depth. */
#define PANEL_BUFFER(rows, depth) (8 * ((rows) > (depth) ? (rows) : (depth)))

#endif
