/** Whether a parsed value is an object, or a list, whose members may be looked at. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The leaves of nested objects by their dotted names; lists are gone into too, by their indices, and empty objects and lists are leaves. */
export function leaves(value: Readonly<Record<string, unknown>>, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
    isObject(inner) && Object.keys(inner).length > 0 ? leaves(inner, `${prefix}${key}.`) : [[`${prefix}${key}`, inner]],
  );
}
