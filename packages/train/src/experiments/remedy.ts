import type { z } from 'zod';
import type { Remedy } from '../errors.js';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  int: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  string: 'a text',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
};

const list = (values: readonly unknown[]) => values.map(String).join(' or ');

/** A bound as words, e.g. `a number of at least 1` or `a list of at most 2 entries`. */
function bounded(origin: string, bound: string): string {
  if (origin === 'string') return `a text of ${bound} characters`;
  if (origin === 'array') return `a list of ${bound} entries`;
  return bound.startsWith('at') ? `a number of ${bound}` : `a number ${bound}`;
}

/** A file can hold texts and names of any length. */
const shortened = (text = 'missing') => (text.length > 200 ? `${text.slice(0, 200)} …` : text);

/** The value at a path, as JSON. */
const found = (value: unknown, path: readonly PropertyKey[]) =>
  JSON.stringify(
    path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value),
  );

/** The name of what a schema refuses of `value`, with its value; and what to give. */
export function refusal(issue: Issue, value: unknown): [reason: string, remedy: Remedy] {
  const name = issue.path.map(String).join('.') || 'the experiment';
  if (issue.code === 'unrecognized_keys')
    return [`${name} has the unknown field ${shortened(issue.keys.join(', '))}`, 'remove it.'];
  const reason = `${name} is ${shortened(found(value, issue.path))}`;
  const what = wanted(issue);
  if (what !== undefined) return [reason, `give ${what}.`];
  const other = [{ type: 'listExperiments' } as const, ` (${issue.message}).`];
  return [reason, ['give what the experiment has there, see ', ...other]];
}

/** What to give in place of a value that a schema refuses, e.g. `an integer` or `last or all`; undefined where it does not say. */
function wanted(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'too_small':
      return bounded(issue.origin, `${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`);
    case 'too_big':
      return bounded(issue.origin, `${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`);
    case 'invalid_value':
      return list(issue.values);
    case 'invalid_union':
      return list(
        'options' in issue
          ? (issue.options as unknown[])
          : issue.errors.flatMap(([first]) => (first && wanted(first)) ?? []),
      );
    default:
      return undefined;
  }
}
