/** A picture as canvases and decoders give it: 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA) bytes a pixel, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Whether a value has the fields of a picture, as `ImageData` has. */
export function isPicture(value: unknown): value is Picture {
  const { width, height, data } = (value ?? {}) as Partial<Picture>;
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height)) return false;
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray;
}
