declare module '*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
declare module '*.ttf' {
  const bytes: Uint8Array;
  export default bytes;
}
declare module '*.py' {
  const text: string;
  export default text;
}
/** The golden vectors of @nem/core by file name. */
declare module 'golden-vectors' {
  const vectors: Readonly<Record<string, unknown>>;
  export default vectors;
}
/** The program of the pool's worker threads. */
declare module 'pool-worker' {
  const text: string;
  export default text;
}
