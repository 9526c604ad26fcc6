/**
 * The buffers of a message's arrays: those are handed over with it, for a copy of each would be garbage on both sides. The
 * sender keeps what it shares, and arrays that are a part of a larger one.
 */
export function ownBuffers(message: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (value: unknown) => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength)
        buffers.add(value.buffer);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(message);
  return [...buffers];
}
