// What a variant of the kernels offers to the addon and to WebAssembly. All sources are compiled once a variant (variant.c).
#ifndef NEM_KERNELS_H
#define NEM_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/** Counts, strides and offsets, in floats: 64 bits wide where addresses are. */
typedef ptrdiff_t Index;

/** How the products of a program are computed; sums and everything else are float32 in both. */
enum { NEM_FLOAT32 = 0, NEM_BFLOAT16 = 1 };

typedef struct {
  const char *name;
  /** 1 where products in bfloat16 exist. */
  int bfloat16;
  /** Floats of a packed right operand of k rows and n columns. */
  Index (*packed_floats)(Index k, Index n, int precision);
  /** Floats of scratch memory that the products of one program share. */
  Index (*workspace_floats)(void);
  /** Runs a program on an arena: 0, or 1 + the word at which an unknown instruction stands. */
  Index (*run)(const int32_t *program, Index words, float *arena);
} NemVariant;

#endif
