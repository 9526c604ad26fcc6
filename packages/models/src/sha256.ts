/** What is used of the Web Crypto API, whose types belong to neither JavaScript nor Node. */
interface Digests {
  readonly subtle?: { digest(algorithm: 'SHA-256', bytes: Uint8Array): Promise<ArrayBuffer> };
}

/**
 * SHA-256 of bytes as hexadecimal digits. Undefined on a page that was not loaded over HTTPS or from this machine: browsers give such
 * pages no digests.
 */
export async function sha256(bytes: Uint8Array): Promise<string | undefined> {
  const { crypto } = globalThis as { readonly crypto?: Digests };
  if (!crypto?.subtle) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
