type Progress = (loaded: number, total: number) => void;

/**
 * The bytes of a file of this site.
 * @param progress is told the bytes so far and in all
 * @throws Error that says which file could not be loaded and why
 */
export async function download(url: string, progress: Progress): Promise<Uint8Array> {
  try {
    return await received(await fetch(url), progress);
  } catch (error) {
    // The browser's own error names no file.
    throw new Error(`${url} could not be loaded: ${error instanceof Error ? error.message : error}`);
  }
}

async function received(response: Response, progress: Progress): Promise<Uint8Array> {
  if (!response.ok || !response.body) throw new Error(`the server says ${response.status}.`);
  const parts: Uint8Array[] = [];
  let loaded = 0;
  const length = Number(response.headers.get('content-length') ?? 0);
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    loaded += value.length;
    // A compressed file is longer than what was sent of it.
    progress(loaded, Math.max(length, loaded));
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
