import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/**
 * Makes a folder with those around it that are missing. Node's recursive `mkdir` never returns where the parent exists but the
 * system still answers ENOENT, as inside /proc.
 * @throws the system's error where that cannot be
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    // Another process may have made it.
    await mkdir(folder).catch((again) => {
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
}
