/** The parts of gifenc that are used; it has no types of its own. */
declare module 'gifenc' {
  export interface GifEncoder {
    /** Adds a frame of palette indices; the first one's palette (sRGB) holds for all. `delay` in milliseconds; repeat 0 is for ever. */
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: { palette?: readonly (readonly [number, number, number])[]; delay?: number; repeat?: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  /** As Node sees this CommonJS package. */
  const gifenc: { GIFEncoder(): GifEncoder };
  export default gifenc;
}
