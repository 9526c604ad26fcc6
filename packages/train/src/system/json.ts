/** Whether a parsed value is an object, or a list, whose members may be looked at. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !Array.isArray(value) && Object.keys(value).length > 0;

/** The leaves of nested objects by their dotted names; arrays are leaves. */
export function leaves(value: Readonly<Record<string, unknown>>, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    isPlainObject(inner) ? leaves(inner, `${prefix}${key}.`) : [[`${prefix}${key}`, inner]],
  );
}
