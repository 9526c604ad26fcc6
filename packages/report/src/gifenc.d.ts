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
  type MakeEncoder = () => GifEncoder;
  /** All that this CommonJS package exports, as Node has it, or its default export, as bundlers have it. */
  const gifenc: MakeEncoder | { readonly GIFEncoder: MakeEncoder };
  export default gifenc;
}
