/** Whether a value is a Float32Array, of this realm or of another. */
export const isFloat32Array = (value: unknown): value is Float32Array =>
  ArrayBuffer.isView(value) && (value as Partial<Float32Array>)[Symbol.toStringTag] === 'Float32Array';
