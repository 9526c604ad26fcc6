/** A value as a message shows it: a string in quotes, lists and objects by their kind. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return `'${value.slice(0, 60)}'`;
  if (typeof value === 'function') return 'a function';
  if (Object(value) === value) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}
