/**
 * A picture as canvases and decoders give it (`ImageData`, `decode` of fast-png, of jpeg-js): 1 (grey), 2 (grey, alpha), 3 (RGB) or 4
 * (RGBA) values a pixel, row by row.
 */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  /** Bits of a value: white is 2^depth − 1. Default: 8 of bytes, 16 of a Uint16Array. */
  readonly depth?: number;
  /** Colours of which the values are numbers, which decoders leave to be looked up: such a picture is refused. */
  readonly palette?: unknown;
}

/** The value of white. */
export const whiteOf = ({ data, depth = data instanceof Uint16Array ? 16 : 8 }: Picture): number => 2 ** depth - 1;

/** Whether a value has the fields of a picture, as `ImageData` has. */
export function isPicture(value: unknown): value is Picture {
  const { width, height, data } = (value ?? {}) as Partial<Picture>;
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height)) return false;
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray || data instanceof Uint16Array;
}
