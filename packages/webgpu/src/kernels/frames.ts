import { elementwise, type Kernel } from '../plan/kernel.js';

/** Frames from bytes, four in a word. A byte is the index of its pixel's value in `levels`. */
export function unpackFrames(count: number): Kernel<'packed' | 'levels' | 'clean'> {
  const words = Math.ceil(count / 4);
  return elementwise({
    name: 'unpack frames',
    bindings: { packed: 'read u32', levels: 'read', clean: 'read_write' },
    count: words,
    words: words + count,
    body: `  let word = packed(i);
  for (var j = 0u; j < 4u; j++) {
    if (4u * i + j < ${count}u) { set_clean(4u * i + j, levels((word >> (8u * j)) & 255u)); }
  }`,
  });
}
