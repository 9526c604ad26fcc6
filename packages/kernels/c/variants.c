#include "variants.h"

#if defined(__x86_64__)

#include <cpuid.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

extern const NemVariant nem_avx2, nem_avx512, nem_avx512bf16, nem_amx;

// Bits of leaf 1 (ecx), of leaf 7 (ebx, edx; eax of its second part), and of the register XCR0: which registers the operating system saves.
enum { FMA = 1 << 12, OSXSAVE = 1 << 27, AVX = 1 << 28 };
enum { AVX2 = 1 << 5, AVX512F = 1 << 16, AVX512DQ = 1 << 17, AVX512CD = 1 << 28, AVX512BW = 1 << 30 };
static const unsigned AVX512VL = 1u << 31;
enum { AMX_BF16 = 1 << 22, AMX_TILE = 1 << 24, AVX512_BF16 = 1 << 5 };
enum { SAVES_AVX = 0x6, SAVES_AVX512 = 0xe6, SAVES_TILES = 0x60000 };

typedef struct {
  unsigned a, b, c, d;
} Registers;

static Registers cpuid(unsigned leaf, unsigned part) {
  Registers r = {0, 0, 0, 0};
  if (!__get_cpuid_count(leaf, part, &r.a, &r.b, &r.c, &r.d)) r = (Registers){0, 0, 0, 0};
  return r;
}

/** Whether the operating system saves all of these registers when it switches threads. */
static int saves(unsigned registers) {
  if (!(cpuid(1, 0).c & OSXSAVE)) return 0;
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & registers) == registers;
}

static int has_avx2(void) {
  const unsigned first = cpuid(1, 0).c;
  return (first & FMA) && (first & AVX) && (cpuid(7, 0).b & AVX2) && saves(SAVES_AVX);
}

static int has_avx512(void) {
  const unsigned needed = AVX512F | AVX512DQ | AVX512CD | AVX512BW | AVX512VL;
  return has_avx2() && (cpuid(7, 0).b & needed) == needed && saves(SAVES_AVX512);
}

static int has_avx512bf16(void) { return has_avx512() && (cpuid(7, 1).a & AVX512_BF16); }

/** Linux gives a process its tiles when it asks for them (arch_prctl, ARCH_REQ_XCOMP_PERM, for the tiles' data). */
static int may_use_tiles(void) {
#if defined(__linux__)
  return syscall(SYS_arch_prctl, 0x1023, 18) == 0;
#else
  return 1;
#endif
}

static int has_amx(void) {
  const unsigned needed = AMX_BF16 | AMX_TILE;
  return has_avx512bf16() && (cpuid(7, 0).d & needed) == needed && saves(SAVES_TILES) && may_use_tiles();
}

const NemChoice nem_choices[] = {
    {&nem_avx2, has_avx2},
    {&nem_avx512, has_avx512},
    {&nem_avx512bf16, has_avx512bf16},
    {&nem_amx, has_amx},
};
const int nem_choice_count = 4;

#else

extern const NemVariant nem_neon;

static int always(void) { return 1; }

const NemChoice nem_choices[] = {{&nem_neon, always}};
const int nem_choice_count = 1;

#endif
