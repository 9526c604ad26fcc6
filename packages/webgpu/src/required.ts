/**
 * Element i of a list that must have it.
 * @throws RangeError if it has none: a fault of this package's own code
 */
export function elementAt<T>(list: ArrayLike<T>, i: number): T {
  if (!(i >= 0 && i < list.length)) throw new RangeError(`there is no element ${i} in a list of ${list.length}.`);
  return list[i] as T;
}

/**
 * The value of a key that a map must have.
 * @throws RangeError if it has none: a fault of this package's own code
 */
export function required<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  if (!map.has(key)) throw new RangeError('a map lacks a key that it must have.');
  return map.get(key) as Value;
}
