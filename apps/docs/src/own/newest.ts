/**
 * Makes of something that takes its time something whose newest call alone counts: a call that a newer one has overtaken gives
 * undefined, also where it failed.
 */
export function newest<A extends readonly unknown[], T>(work: (...given: A) => Promise<T>) {
  let calls = 0;
  return async (...given: A): Promise<T | undefined> => {
    const own = ++calls;
    try {
      const result = await work(...given);
      return own === calls ? result : undefined;
    } catch (error) {
      if (own === calls) throw error;
      return undefined;
    }
  };
}
