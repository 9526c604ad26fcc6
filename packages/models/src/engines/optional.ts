/**
 * A package that may be installed; undefined where it is not. Its name is no literal to a bundler, which would look for it: a page
 * that is bundled gives an engine of its own to `loadModel`.
 */
export async function optional<T>(name: string): Promise<T | undefined> {
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as T;
  } catch {
    return undefined;
  }
}
