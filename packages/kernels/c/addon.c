// The kernels as a Node-API addon. It has no state, so that any number of worker threads may load it: arenas are JavaScript's typed arrays.
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <node_api.h>

#include "variants.h"

enum { MAX_ARGUMENTS = 4 };

static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, NULL, message);
  return NULL;
}

static napi_value number(napi_env env, double value) {
  napi_value result;
  return napi_create_double(env, value, &result) == napi_ok ? result : NULL;
}

/** The call's arguments; 0 where there are not `count`. */
static int arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  size_t given = MAX_ARGUMENTS;
  napi_value all[MAX_ARGUMENTS];
  if (napi_get_cb_info(env, info, &given, all, NULL, NULL) != napi_ok || given < count) return 0;
  for (size_t i = 0; i < count; i++) values[i] = all[i];
  return 1;
}

/** Whether the processor has a variant. Asking it takes a tenth of a millisecond under a hypervisor: it is asked once. */
static int is_available(int index) {
  enum { UNKNOWN, NO, YES };
  static unsigned char known[16];
  if ((size_t)index >= sizeof known) return nem_choices[index].available();
  unsigned char answer = __atomic_load_n(&known[index], __ATOMIC_RELAXED);
  if (answer == UNKNOWN) {
    answer = nem_choices[index].available() ? YES : NO;
    __atomic_store_n(&known[index], answer, __ATOMIC_RELAXED);
  }
  return answer == YES;
}

/** A variant by its place in the list; NULL where there is none or the processor lacks it. */
static const NemVariant *variant_of(napi_env env, napi_value value) {
  int32_t index;
  if (napi_get_value_int32(env, value, &index) != napi_ok || index < 0 || index >= nem_choice_count) return NULL;
  return is_available(index) ? nem_choices[index].variant : NULL;
}

static int typed_array(napi_env env, napi_value value, napi_typedarray_type expected, void **data, size_t *length) {
  bool is = false;
  napi_typedarray_type type;
  if (napi_is_typedarray(env, value, &is) != napi_ok || !is) return 0;
  return napi_get_typedarray_info(env, value, &type, length, data, NULL, NULL) == napi_ok && type == expected;
}

/** variants(): [{ name, available, bfloat16 }, …] in the order of their indices. */
static napi_value variants(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list, entry, value;
  if (napi_create_array(env, &list) != napi_ok) return NULL;
  for (int i = 0; i < nem_choice_count; i++) {
    const NemVariant *variant = nem_choices[i].variant;
    if (napi_create_object(env, &entry) != napi_ok) return NULL;
    napi_create_string_utf8(env, variant->name, NAPI_AUTO_LENGTH, &value);
    napi_set_named_property(env, entry, "name", value);
    napi_get_boolean(env, nem_choices[i].available() != 0, &value);
    napi_set_named_property(env, entry, "available", value);
    napi_get_boolean(env, variant->bfloat16 != 0, &value);
    napi_set_named_property(env, entry, "bfloat16", value);
    napi_set_element(env, list, (uint32_t)i, entry);
  }
  return list;
}

/** packedFloats(variant, k, n, precision) */
static napi_value packed_floats(napi_env env, napi_callback_info info) {
  napi_value values[4];
  int32_t sizes[3];
  const NemVariant *variant;
  if (!arguments(env, info, 4, values) || !(variant = variant_of(env, values[0]))) return fail(env, "Unknown variant.");
  for (int i = 0; i < 3; i++) {
    if (napi_get_value_int32(env, values[i + 1], &sizes[i]) != napi_ok) return fail(env, "Sizes are whole numbers.");
  }
  return number(env, (double)variant->packed_floats(sizes[0], sizes[1], sizes[2]));
}

/** workspaceFloats(variant) */
static napi_value workspace_floats(napi_env env, napi_callback_info info) {
  napi_value values[1];
  const NemVariant *variant;
  if (!arguments(env, info, 1, values) || !(variant = variant_of(env, values[0]))) return fail(env, "Unknown variant.");
  return number(env, (double)variant->workspace_floats());
}

/**
 * prepare(buffer: ArrayBuffer): the bytes to skip so that what follows is aligned to 64. Asks for large pages, which spare a long
 * product most misses of the address cache.
 */
static napi_value prepare(napi_env env, napi_callback_info info) {
  napi_value values[1];
  void *data;
  size_t bytes;
  if (!arguments(env, info, 1, values) || napi_get_arraybuffer_info(env, values[0], &data, &bytes) != napi_ok) {
    return fail(env, "An arena lies in an ArrayBuffer.");
  }
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  const uintptr_t page = 1 << 21;
  const uintptr_t first = ((uintptr_t)data + page - 1) & ~(page - 1);
  const uintptr_t last = ((uintptr_t)data + bytes) & ~(page - 1);
  // Where it is refused, nothing but speed is lost.
  if (first < last) (void)madvise((void *)first, last - first, MADV_HUGEPAGE);
#endif
  return number(env, (double)(-(uintptr_t)data & 63));
}

/** run(variant, program: Int32Array, arena: Float32Array): 0, or 1 + the word at which an unknown instruction stands. */
static napi_value run(napi_env env, napi_callback_info info) {
  napi_value values[3];
  const NemVariant *variant;
  void *program, *arena;
  size_t words, floats;
  if (!arguments(env, info, 3, values) || !(variant = variant_of(env, values[0]))) return fail(env, "Unknown variant.");
  if (!typed_array(env, values[1], napi_int32_array, &program, &words)) return fail(env, "A program is an Int32Array.");
  if (!typed_array(env, values[2], napi_float32_array, &arena, &floats)) return fail(env, "An arena is a Float32Array.");
  return number(env, (double)variant->run(program, (Index)words, arena));
}

NAPI_MODULE_INIT() {
  const struct {
    const char *name;
    napi_callback call;
  } functions[] = {
      {"variants", variants},
      {"packedFloats", packed_floats},
      {"workspaceFloats", workspace_floats},
      {"prepare", prepare},
      {"run", run},
  };
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    napi_value function;
    if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &function) != napi_ok ||
        napi_set_named_property(env, exports, functions[i].name, function) != napi_ok) {
      return NULL;
    }
  }
  return exports;
}
