#include "program.h"

#include "instructions.h"
#include "operations.h"

/** Arguments are read in order. */
typedef struct {
  const int32_t *next;
  float *arena;
} Reader;

static Index read_integer(Reader *reader) { return *reader->next++; }

/** An offset into the arena; NULL for −1. */
static float *read_address(Reader *reader) {
  const Index offset = read_integer(reader);
  return offset < 0 ? NULL : reader->arena + offset;
}

static Operand read_operand(Reader *reader) {
  Operand operand;
  operand.data = read_address(reader);
  operand.row = read_integer(reader);
  operand.column = read_integer(reader);
  operand.kernel = read_integer(reader);
  operand.stride = read_integer(reader);
  operand.pad_top = read_integer(reader);
  operand.pad_left = read_integer(reader);
  operand.height = read_integer(reader);
  operand.width = read_integer(reader);
  operand.channels = read_integer(reader);
  operand.out_height = read_integer(reader);
  operand.out_width = read_integer(reader);
  operand.transposed = (int)read_integer(reader);
  return operand;
}

static Output read_output(Reader *reader) {
  Output output;
  output.data = read_address(reader);
  output.row = read_integer(reader);
  return output;
}

static Epilogue read_epilogue(Reader *reader) {
  Epilogue epilogue;
  epilogue.accumulate = (int)read_integer(reader);
  epilogue.bias = read_address(reader);
  epilogue.activation = (int)read_integer(reader);
  return epilogue;
}

static void run_pack(Reader *reader) {
  const Index k = read_integer(reader), n = read_integer(reader);
  const Operand b = read_operand(reader);
  const int precision = (int)read_integer(reader);
  float *packed = read_address(reader);
  pack(k, n, &b, precision, packed, read_address(reader));
}

static void run_product(Reader *reader) {
  const Index m = read_integer(reader), n = read_integer(reader), k = read_integer(reader);
  const Operand a = read_operand(reader);
  const float *packed = read_address(reader);
  const Output c = read_output(reader);
  const Epilogue epilogue = read_epilogue(reader);
  const int precision = (int)read_integer(reader);
  product(m, n, k, &a, packed, &c, &epilogue, precision, read_address(reader));
}

static void run_product_once(Reader *reader) {
  const Index m = read_integer(reader), n = read_integer(reader), k = read_integer(reader);
  const Operand a = read_operand(reader), b = read_operand(reader);
  const Output c = read_output(reader);
  const Epilogue epilogue = read_epilogue(reader);
  const int precision = (int)read_integer(reader);
  product_once(m, n, k, &a, &b, &c, &epilogue, precision, read_address(reader));
}

/** An instruction whose arguments are a struct. */
#define STRUCT_OPERATION(opcode, Struct, function)                     \
  case opcode: {                                                       \
    Struct arguments;                                                  \
    __builtin_memcpy(&arguments, program + at + 2, sizeof arguments);  \
    function(&arguments, arena);                                       \
    break;                                                             \
  }

static Index run(const int32_t *program, Index words, float *arena) {
  for (Index at = 0; at < words; at += program[at + 1]) {
    Reader reader = {program + at + 2, arena};
    switch (program[at]) {
      case OP_PACK: run_pack(&reader); break;
      case OP_PRODUCT: run_product(&reader); break;
      case OP_PRODUCT_ONCE: run_product_once(&reader); break;
      FOR_OPERATIONS(STRUCT_OPERATION)
      default: return 1 + at;
    }
  }
  return 0;
}
