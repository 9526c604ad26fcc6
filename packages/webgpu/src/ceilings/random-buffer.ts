import { deriveKey, fillUniform } from '@nem/random';
import { BUFFER_USAGE } from '../plan/buffers.js';

/** Bytes that are made on the host; the rest of a buffer repeats them. */
const MADE = 1 << 20;

/** Fills a buffer with uniform numbers in [0, 1): with zeros, a card takes less power and may run at a higher clock. */
export function fillRandomly(device: GPUDevice, buffer: GPUBuffer): void {
  const size = Math.min(MADE, buffer.size);
  const values = fillUniform(deriveKey(0, 'ceilings'), new Float32Array(size / 4));
  const made = device.createBuffer({ label: 'random', size, usage: BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST });
  device.queue.writeBuffer(made, 0, values);
  const encoder = device.createCommandEncoder();
  for (let at = 0; at < buffer.size; at += size) {
    encoder.copyBufferToBuffer(made, 0, buffer, at, Math.min(size, buffer.size - at));
  }
  device.queue.submit([encoder.finish()]);
  made.destroy();
}
