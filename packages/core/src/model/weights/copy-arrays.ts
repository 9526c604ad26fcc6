import type { NamedArrays } from './safetensors.js';

/**
 * Copies of arrays.
 * @param out arrays whose memory may be used, such as an earlier copy that is no longer needed. Default: new memory
 */
export function copyArrays(arrays: NamedArrays, out?: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, values }]) => {
      const room = out?.[name]?.values;
      const copy = room?.length === values.length ? room : new Float32Array(values.length);
      copy.set(values);
      return [name, { shape, values: copy }];
    }),
  );
}
