import type { z } from 'zod';
import { type Remedy, UsageError } from '../errors.js';
import { wantedObject } from './schema-at.js';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  int: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  string: 'a text',
  array: 'a list',
  tuple: 'a list',
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

const at = (value: unknown, path: readonly PropertyKey[]) =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key], value);

const isNotFinite = (value: unknown): value is number => typeof value === 'number' && !Number.isFinite(value);

/** A value as JSON; what JSON does not have is called by its name. */
function shown(value: unknown): string | undefined {
  if (isNotFinite(value) || typeof value === 'bigint') return String(value);
  if (typeof value === 'function') return 'a function';
  try {
    return JSON.stringify(value, (_, inner: unknown) => (isNotFinite(inner) ? String(inner) : inner));
  } catch {
    return 'a value that JSON cannot hold';
  }
}

/** What to give in place of a value that a schema refuses, e.g. `an integer` or `last or all`; undefined where it does not say. */
function wanted(issue: Issue, value: unknown, schema: unknown): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'object') return wantedObject(schema, value, issue.path);
      if (isNotFinite(at(value, issue.path))) return 'a finite number';
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
          : issue.errors.flatMap(([first]) => (first && wanted(first, value, schema)) ?? []),
      );
    default:
      return undefined;
  }
}

/** What is checked, and how it is called. */
interface Refused {
  readonly schema: unknown;
  readonly value: unknown;
  /** Name of the whole, e.g. `the experiment`. */
  readonly whole: string;
  /** What was typed for a field, by the field's name with dots. */
  readonly typed?: Readonly<Record<string, string>>;
}

/** The name of what a schema refuses, with its value; and what to give. */
function refusal(issue: Issue, { schema, value, whole, typed }: Refused): [reason: string, remedy: Remedy] {
  const name = issue.path.map(String).join('.') || whole;
  if (issue.code === 'unrecognized_keys')
    return [`${name} has the unknown field ${shortened(issue.keys.join(', '))}`, 'remove it.'];
  const found = at(value, issue.path);
  const { unknownField, remedy } = issue.code === 'custom' ? (issue.params ?? {}) : {};
  if (typeof unknownField === 'string')
    return [`${name} has the unknown field ${shortened(unknownField)}`, remedy as string];
  const reason = `${name} is ${shortened((isNotFinite(found) ? typed?.[name] : undefined) ?? shown(found))}`;
  if (typeof remedy === 'string') return [reason, remedy];
  const what = wanted(issue, value, schema);
  if (what !== undefined) return [reason, `give ${what}.`];
  return [reason, ['give what the experiment has there, see ', { type: 'listExperiments' }, ` (${issue.message}).`]];
}

/**
 * `value` as `schema` has it.
 * @param whole what the value is called, e.g. `the experiment`
 * @param typed what was typed for a field, by the field's name with dots, where another value came of it
 * @throws UsageError that names the first field that is wrong, its value and what it may be
 */
export function parseStrictly<S extends z.ZodType>(
  schema: S,
  value: unknown,
  whole: string,
  typed?: Readonly<Record<string, string>>,
): z.infer<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw new UsageError(...refusal(result.error.issues[0]!, { schema, value, whole, typed }));
  return result.data;
}
