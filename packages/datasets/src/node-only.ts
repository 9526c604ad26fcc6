import { DatasetError } from './dataset.js';

/**
 * What stands in browsers for a function that needs Node.
 * @param what it does, as the subject of a sentence
 * @param remedy what to do instead
 */
export const nodeOnly =
  (what: string, remedy: string): (() => Promise<never>) =>
  async () => {
    throw new DatasetError(`${what} needs Node, and this is a browser: ${remedy}.`);
  };
