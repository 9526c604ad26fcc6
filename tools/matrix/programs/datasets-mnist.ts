import { loadDigits, parseIdx } from '@nem/datasets/mnist';

/** In Node the digits of @nem/digits; browsers say what to do instead. */
export async function use() {
  const { data } = parseIdx(Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 9, 8]));
  const digits = await loadDigits().then(
    ({ height, width }) => [height, width],
    ({ code }: { code: string }) => code,
  );
  return [[...data], digits];
}
