/** The value of each byte k as a pixel: k / 255 in float32. */
export const LEVELS = Float32Array.from({ length: 256 }, (_, k) => k / 255);

/** Bits of 1 in float32. Of its three highest bits, the lowest is set; 0 has none set. */
const ONE = 0x3f800000;
const HIGH = 29;

/** Binary frames, four pixels at a time; false where a pixel is not 0 or 1. */
function packBinary(frames: Float32Array, bytes: Uint8Array): boolean {
  const bits = new Int32Array(frames.buffer, frames.byteOffset, frames.length);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, frames.length >> 2);
  for (let w = 0, i = 0; w < words.length; w++, i += 4) {
    // Plain casts, here and below: a call for each pixel would be slow.
    const p = bits[i] as number;
    const q = bits[i + 1] as number;
    const r = bits[i + 2] as number;
    const s = bits[i + 3] as number;
    const a = p >>> HIGH;
    const b = q >>> HIGH;
    const c = r >>> HIGH;
    const d = s >>> HIGH;
    const wrong = (p ^ (-a & ONE)) | (q ^ (-b & ONE)) | (r ^ (-c & ONE)) | (s ^ (-d & ONE));
    if (wrong !== 0) return false;
    words[w] = Math.imul(a | (b << 8) | (c << 16) | (d << 24), 255);
  }
  return packGrey(frames, bytes, words.length * 4);
}

function packGrey(frames: Float32Array, bytes: Uint8Array, from: number): boolean {
  for (let i = from; i < frames.length; i++) {
    const value = frames[i] as number;
    const level = (value * 255 + 0.5) | 0;
    if (LEVELS[level] !== value) return false;
    bytes[i] = level;
  }
  return true;
}

/**
 * Writes frames as bytes, k for the value k / 255, if every pixel has exactly such a value: binary frames, and grey ones that were bytes.
 * @param bytes as long as the frames, or longer, from a multiple of four bytes on
 * @returns false where a pixel has another value; `bytes` is then partly written
 */
export function packFrames(frames: Float32Array, bytes: Uint8Array): boolean {
  return packBinary(frames, bytes) || packGrey(frames, bytes, 0);
}
