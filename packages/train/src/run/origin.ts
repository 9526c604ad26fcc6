import { z } from 'zod';

/** Where the weights that a run has started from came from. */
export const originSchema = z.strictObject({
  /** The run or the file, as it was given. */
  source: z.string(),
  /** SHA-256 of the weights as a safetensors file of float32 without metadata: the same wherever they lie. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type Origin = z.infer<typeof originSchema>;
