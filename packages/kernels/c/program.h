// A program: a list of instructions, each [opcode, words in all, arguments …] in 32-bit words. Arguments are counts, offsets into the
// arena in floats, or the bits of a float. src/operations.ts has the same list, with the arguments' names, and checks a program's
// offsets and sizes before it is ever run.
#ifndef NEM_PROGRAM_H
#define NEM_PROGRAM_H

#include "product.h"

enum {
  OP_PACK = 1,
  OP_PRODUCT = 2,
  OP_PRODUCT_ONCE = 3,
};

static Index run(const int32_t *program, Index words, float *arena);

#endif
