import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RunError, UsageError } from '../errors.js';
import { reason } from '../system/files.js';

/** What pictures in a folder end with. */
const PICTURE = /\.(png|jpe?g|gif)$/i;

/** `frame-10` comes after `frame-9`. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** What is at a path; undefined for one that cannot be reached, of which the read that follows tells why. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

const isFolder = (path: string) => statOf(path)?.isDirectory() ?? false;
const exists = (path: string) => statOf(path) !== undefined;

/** @throws RunError for a folder that cannot be read */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new RunError(`cannot read the folder ${folder} (${reason(error)})`, 'make it readable, or name its files.');
  }
}

/** The files of a folder whose names match, in the order of their names and numbers. */
function filesOf(folder: string, matches: (name: string) => boolean): string[] {
  return entriesOf(folder)
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.') && matches(entry.name))
    .map(({ name }) => join(folder, name))
    .sort(compare);
}

/** A pattern of one name: `*` is any text, `?` any character. */
function patternOf(text: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

function expand(input: string): string[] {
  if (isFolder(input)) {
    const found = filesOf(input, (name) => PICTURE.test(name));
    if (found.length > 0) return found;
    throw new UsageError(`the folder ${input} has no picture`, 'give one with PNG, JPEG or GIF files.');
  }
  if (!/[*?]/.test(basename(input)) || exists(input)) return [input];
  const [folder, pattern] = [dirname(input), patternOf(basename(input))];
  const found = isFolder(folder) ? filesOf(folder, (name) => pattern.test(name)) : [];
  if (found.length > 0) return found;
  throw new UsageError(`no file matches ${input}`, 'name one that is there.');
}

/**
 * The files that inputs name: a folder is its pictures, and a pattern such as `frames/*.png`, which a shell may have left as it is, is
 * what matches it; both in the order of names, with numbers by their value.
 * @throws UsageError for a folder or a pattern without a file; RunError for a folder that cannot be read
 */
export const inputFiles = (inputs: readonly string[]): string[] => inputs.flatMap(expand);
