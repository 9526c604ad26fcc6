/** The parts of gifenc that are used; it has no types of its own. */
declare module 'gifenc' {
  export type GifPalette = readonly (readonly number[])[];
  export interface GifEncoder {
    /**
     * Adds a frame of palette indices; the first one's palette (sRGB) holds for all that have none. `delay` in milliseconds; repeat 0
     * is for ever.
     */
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: { palette?: GifPalette; delay?: number; repeat?: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  export function GIFEncoder(): GifEncoder;
  /** At most `colours` colours that stand for those of a picture in red, green, blue and alpha. */
  export function quantize(rgba: Uint8Array, colours: number): GifPalette;
  /** The nearest colour's index for each pixel. */
  export function applyPalette(rgba: Uint8Array, palette: GifPalette): Uint8Array;
}
