import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/**
 * Makes a folder with those around it that are missing. Node's own way to make several never ends where the system says of a
 * folder inside one that is there that there is no such place, as /proc does.
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
