/** A value as a message shows it: a string in quotes, cut after 60 characters; lists and objects by their kind. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return `'${JSON.stringify(value.slice(0, 60)).slice(1, -1)}${value[60] ? '…' : ''}'`;
  if (typeof value === 'function') return 'a function';
  if (Object(value) === value) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'bigint' ? `${value}n` : String(value);
}
