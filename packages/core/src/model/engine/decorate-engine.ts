import type { Engine } from './engine.js';

/** What is different about a decorated engine. */
export interface Decoration<E extends Engine> {
  /** Members in place of the engine's own. */
  readonly members?: Partial<E>;
  /**
   * Runs each call of a method that is not among `members`, and gives its result.
   * @param method its name
   * @param args what it is called with
   */
  readonly around?: (call: () => unknown, method: PropertyKey, args: readonly unknown[]) => unknown;
}

/** `engine` except for what a decoration says; every other member is its own, called on it. */
export function decorateEngine<E extends Engine>(engine: E, { members = {}, around }: Decoration<E>): E {
  return new Proxy(engine, {
    get(target, property) {
      if (Object.hasOwn(members, property)) return Reflect.get(members, property);
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const call = () => value.apply(target, args);
        return around ? around(call, property, args) : call();
      };
    },
  });
}
