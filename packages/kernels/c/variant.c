// One variant of all kernels: this file is compiled once for each, with its instruction set and with NEM_VARIANT set to its name. Everything
// is static, so that the variants live side by side in one addon.
#include "activate.c"
#include "adam.c"
#include "fold.c"
#include "memory.c"
#include "mixture.c"
#include "n-em.c"
#include "norm.c"
#include "patches.c"
#include "product.c"
#include "reduce.c"
#include "standardize.c"
#include "program.c"

#define NEM_JOIN(a, b) a##b
#define NEM_SYMBOL(name) NEM_JOIN(nem_, name)
#define NEM_TEXT(name) #name
#define NEM_NAME(name) NEM_TEXT(name)

extern const NemVariant NEM_SYMBOL(NEM_VARIANT);
const NemVariant NEM_SYMBOL(NEM_VARIANT) = {
    .name = NEM_NAME(NEM_VARIANT),
#if defined(__AVX512BF16__)
    .bfloat16 = 1,
#endif
    .packed_floats = packed_floats,
    .workspace_floats = workspace_floats,
    .run = run,
};
