/** Text as literal Markdown on one line, safe in a table cell: what Markdown or HTML would read as markup is escaped. */
export function escapeMarkdown(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]{}|~#]/g, '\\$&')
    .replace(/^(\d*)([-+=.)])/, '$1\\$2')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** Text in the typeface of code, safe in a table cell. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/\|/g, '\\|');
  const longestRun = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  const space = /^`|`$|^$/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** A path as the destination of a link, on every operating system. */
export function linkTarget(path: string): string {
  return encodeURI(path.replaceAll('\\', '/')).replace(
    /[()#?]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * A table of cells that are Markdown already.
 * @param numeric columns that are set right, by index
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): string {
  const rule = head.map((_, i) => (numeric.includes(i) ? '---:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
