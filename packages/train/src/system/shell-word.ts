/** As the C library of Windows reads an argument: a backslash counts only before a quotation mark. */
const inDoubleQuotes = (text: string) =>
  `"${text.replace(/(\\*)("|$)/g, (_, slashes, end) => `${slashes}${slashes}${end && '\\"'}`)}"`;

/**
 * A text as one word of a shell's command line.
 * @param platform whose shell it is: `win32` has double quotes, every other single ones. Default: this machine's
 */
export function shellWord(text: string, platform: string = process.platform): string {
  if (platform === 'win32') return /^[\w@+=:,./\\-]+$/.test(text) ? text : inDoubleQuotes(text);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
