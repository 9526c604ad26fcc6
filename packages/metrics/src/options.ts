import { MetricInputError } from './errors.js';
import { describe } from './labels.js';

/** The pairs of neighbouring letters that two names share, as a part of the shorter one's; 0 where there is none. */
function likeness(name: string, other: string): number {
  const [a, b] = [name.toLowerCase(), other.toLowerCase()] as [string, string];
  let shared = 0;
  for (let i = 1; i < a.length; i++) if (b.includes(a.slice(i - 1, i + 1))) shared++;
  return shared && shared / (Math.min(a.length, b.length) - 1);
}

/**
 * @param what what `options` is, in the plural
 * @throws MetricInputError unless `options` is an object that has no names but `known` ones
 */
export function requireOptions(options: unknown, known: readonly string[], what = 'options'): void {
  const refusal = (name: string, start: string) =>
    new MetricInputError(name, `${start}; pass any of { ${known.join(', ')} }.`);
  if (typeof options !== 'object' || !options || Array.isArray(options)) {
    throw refusal(what, `${what} are ${describe(options)}, but they come as an object`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const like = [...known].sort((a, b) => likeness(name, b) - likeness(name, a))[0]!;
    const hint = likeness(name, like) >= 0.5 ? ` (did you mean ${like}?)` : '';
    throw refusal(name, `${describe(name)} is none of the ${what}${hint}`);
  }
}
