/** The four files of the set before they are gzipped, by their names. */
export function digitFiles(): [name: string, bytes: Buffer][];
