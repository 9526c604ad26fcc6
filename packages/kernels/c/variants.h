// The variants inside this addon, and whether the processor and the operating system have what each one needs.
#ifndef NEM_VARIANTS_H
#define NEM_VARIANTS_H

#include "kernels.h"

typedef struct {
  const NemVariant *variant;
  int (*available)(void);
} NemChoice;

/** All variants in this build, the plainest first, and their number. */
extern const NemChoice nem_choices[];
extern const int nem_choice_count;

#endif
