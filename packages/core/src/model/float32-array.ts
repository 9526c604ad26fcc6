/** Whether a value is a Float32Array, of this realm or of another. */
export const isFloat32Array = (value: unknown): value is Float32Array =>
  ArrayBuffer.isView(value) && (value as Partial<Float32Array>)[Symbol.toStringTag] === 'Float32Array';

/** Whether a value is a Uint8Array, of this realm or of another; a Buffer of Node is one. */
export const isUint8Array = (value: unknown): value is Uint8Array =>
  ArrayBuffer.isView(value) && (value as Partial<Uint8Array>)[Symbol.toStringTag] === 'Uint8Array';
