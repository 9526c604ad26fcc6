import { VECTOR } from './kernel.js';

/** WebGPU's flags by number: the globals that name them do not exist under Node. */
export const BUFFER_USAGE = {
  MAP_READ: 0x1,
  COPY_SRC: 0x4,
  COPY_DST: 0x8,
  UNIFORM: 0x40,
  STORAGE: 0x80,
  QUERY_RESOLVE: 0x200,
} as const;

/** Bytes of a buffer that has room for `elements` 32-bit elements: whole vectors, and at least one. */
export const bufferBytes = (elements: number) => Math.ceil(Math.max(elements, 1) / VECTOR) * VECTOR * 4;
