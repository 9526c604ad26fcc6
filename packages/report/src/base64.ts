/** Bytes in each call of `String.fromCharCode`, whose arguments go on the stack. */
const CHUNK = 2 ** 13;

/** Bytes, or a text in UTF-8, as Base64. Node's `Buffer` does the same, but browsers have none. */
export function toBase64(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}
