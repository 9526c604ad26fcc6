/** What a header may ask for, in multiples of the file's bytes. */
const MOST_TIMES = 10;

/**
 * Bytes of the largest sample that is written compressed. Images are mostly zeros, of which gzip makes a thousandth: a sound
 * file of a few such samples may be far smaller than one of them.
 */
export const LARGEST_COMPRESSED = 2 ** 20;

/**
 * Bytes that one sample, one unpacked chunk or the list of samples of an array may take: ten times the file's. An array in
 * chunks, which alone can be compressed, may take {@link LARGEST_COMPRESSED} in a smaller file too: a constant, whatever its
 * header says. An array in one piece stands in the file as it is, so that nothing sound needs more.
 */
export function roomOf(fileBytes: number, inChunks: boolean): number {
  return inChunks ? Math.max(MOST_TIMES * fileBytes, LARGEST_COMPRESSED) : MOST_TIMES * fileBytes;
}
