/** What products may be computed in; sums and everything else are in float32. */
export const PRECISIONS = ['float32', 'float16', 'bfloat16'] as const;

export type Precision = (typeof PRECISIONS)[number];
