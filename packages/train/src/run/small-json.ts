/** What a list, an object's member or a text begins or is followed by: there are at most so many values, and one. */
const SEPARATORS = /[[{,:]/g;

export interface JsonBounds {
  readonly characters: number;
  readonly values: number;
}

/**
 * Parses JSON that may come from anyone and is small by nature. `JSON.parse` takes up to some 300 bytes a value, sixty times
 * the text: both are counted first.
 * @throws Error with a clause, e.g. `it has more than 100 values`
 */
export function parseSmallJson(text: string, { characters, values }: JsonBounds): unknown {
  if (text.length > characters) throw new Error(`it has more than ${characters} characters`);
  let found = 1;
  for (const _ of text.matchAll(SEPARATORS)) {
    if (++found > values) throw new Error(`it has more than ${values} values`);
  }
  return JSON.parse(text);
}
