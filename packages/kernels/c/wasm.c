// The exports for WebAssembly. The memory is imported: the arena and the programs lie behind the module's own data and stack.
#include "variant.c"

#define EXPORT(name) __attribute__((export_name(#name)))

EXPORT(packedFloats) Index wasm_packed_floats(Index k, Index n, int precision) { return packed_floats(k, n, precision); }

EXPORT(workspaceFloats) Index wasm_workspace_floats(void) { return workspace_floats(); }

EXPORT(run) Index wasm_run(const int32_t *program, Index words, float *arena) { return run(program, words, arena); }
