// All kernels of one variant against their definitions, best under the address and undefined-behaviour sanitizers: compiled as variant.c is.
#include "variant.c"

#include "operations.test.c"
#include "product.test.c"

int main(void) {
  test_operations();
  test_products();
  printf("%s: %d checks, %d failures\n", NEM_NAME(NEM_VARIANT), test_checks, test_failures);
  return test_failures != 0;
}
