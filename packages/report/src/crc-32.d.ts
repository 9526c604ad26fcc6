/** CRC-32C: the package has types for its main file only, whose functions these are. */
declare module 'crc-32/crc32c.js' {
  const crc32c: typeof import('crc-32');
  export = crc32c;
}
