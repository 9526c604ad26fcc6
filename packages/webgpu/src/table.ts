/** E.g. `a, b or c`. */
const alternatives = (names: readonly string[]): string =>
  [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' or ');

/**
 * The entry of a table that is keyed by a union. TypeScript allows only the table's names; a JavaScript caller can give any other.
 * @param unknown makes the error for a name that the table lacks, from the names that it has, e.g. `a, b or c`
 * @throws that error
 */
export function entryOf<Table extends object, Name extends keyof Table & string>(
  table: Table,
  name: Name,
  unknown: (known: string) => Error,
): Table[Name] {
  if (Object.hasOwn(table, name)) return table[name];
  throw unknown(alternatives(Object.keys(table)));
}
