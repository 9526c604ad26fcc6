/**
 * A value as a message shows it: a string in quotes, cut after 60 characters; lists, objects and functions by their kind.
 * Messages of `@nem/kernels` and `@nem/webgpu` show values in the same way.
 */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${JSON.stringify(value.slice(0, 60)).slice(1, -1)}${value[60] ? '…' : ''}'`;
  if (typeof value === 'function') return 'a function';
  if (Object(value) === value) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

/** What a message says that a field is: its value as {@link shown} has it, or `missing`. */
export const shownOrMissing = (value: unknown): string => (value === undefined ? 'missing' : shown(value));
