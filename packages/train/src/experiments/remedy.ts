import * as v from 'valibot';
import { type Remedy, UsageError } from '../errors.js';
import { isObject } from '../system/json.js';
import { type AnySchema, described, schemaAt, typesOf } from './schema-at.js';

type Issue = v.BaseIssue<unknown>;

/** A file can hold texts and names of any length. */
const shortened = (text = 'missing') => (text.length > 200 ? `${text.slice(0, 200)} …` : text);

const at = (value: unknown, path: readonly string[]) =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);

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

/** Words for what a check of a text's or a list's length or of a number asks for; undefined for every other issue. */
function bound({ type, requirement, input }: Issue): string | undefined {
  const words: Readonly<Record<string, string>> = {
    min_value: `a number of at least ${requirement}`,
    max_value: `a number of at most ${requirement}`,
    gt_value: `a number above ${requirement}`,
    lt_value: `a number below ${requirement}`,
    min_length:
      typeof input === 'string'
        ? `a text of at least ${requirement} characters`
        : `a list of at least ${requirement} entries`,
    max_length: `a text of at most ${requirement} characters`,
  };
  return words[type];
}

/** What is checked, and how it is called. */
interface Refused {
  readonly schema: AnySchema;
  readonly value: unknown;
  /** Name of the whole, e.g. `the experiment`. */
  readonly whole: string;
  /** What was typed for a field, by the field's name with dots. */
  readonly typed?: Readonly<Record<string, string>>;
}

/** Whether a list has more entries than it may have. */
const isTooLong = ({ type, expected }: Issue): boolean => type === 'strict_tuple' && expected === 'never';

/** The keys from the whole to the part that is wrong. */
function pathOf(issue: Issue): string[] {
  const keys = issue.path?.map(({ key }) => String(key)) ?? [];
  return isTooLong(issue) ? keys.slice(0, -1) : keys;
}

/** Whether the last key of the path is one that there is not. */
const isUnknownField = (issue: Issue): boolean => issue.expected === 'never' && !isTooLong(issue);

/** What to do about a value that a schema refuses; undefined where the schema does not say. */
function remedyOf(issue: Issue, path: readonly string[], { schema, value }: Refused): string | undefined {
  // What core has checked has core's remedy.
  if (issue.type === 'raw_check') return issue.message;
  const give = (what: string | undefined) => (what === undefined ? undefined : `give ${what}.`);
  const found = at(value, path);
  if (isNotFinite(found)) return give('a finite number');
  // The field that tells the alternatives of a union of objects apart.
  const owner = path.at(-1) === 'type' ? schemaAt(schema, value, path.slice(0, -1)) : undefined;
  if (owner?.type === 'variant') return give(typesOf(owner));
  const part = schemaAt(schema, value, path);
  const [missing] = (found === undefined && part && v.safeParse(part, undefined).issues) || [];
  return missing?.type === 'raw_check' ? missing.message : give(bound(issue) ?? described(part));
}

/** The names of the unknown fields of an object, of which `path` leads to one. */
function unknownFields(path: readonly string[], { schema, value }: Refused): string[] {
  const owner = path.slice(0, -1);
  const object = at(value, owner);
  const isUnknown = (key: string) => schemaAt(schema, value, [...owner, key]) === undefined;
  return isObject(object) ? Object.keys(object).filter(isUnknown) : [];
}

/** The name of what a schema refuses, with its value; and what to do. */
function refusal(issue: Issue, refused: Refused): [reason: string, remedy: Remedy] {
  const { value, whole, typed } = refused;
  const path = pathOf(issue);
  const nameOf = (keys: readonly string[]) => keys.join('.') || whole;
  if (isUnknownField(issue)) {
    const owner = nameOf(path.slice(0, -1));
    // The schema does not know the fields of what core has checked; core names those that are unknown.
    const isOfCore = issue.type === 'raw_check';
    const names = isOfCore ? issue.received : unknownFields(path, refused).join(', ');
    const [fields, them] = names.includes(', ') ? ['fields', 'them'] : ['field', 'it'];
    return [`${owner} has the unknown ${fields} ${shortened(names)}`, isOfCore ? issue.message : `remove ${them}.`];
  }
  const name = nameOf(path);
  const found = at(value, path);
  const reason = `${name} is ${shortened((isNotFinite(found) ? typed?.[name] : undefined) ?? shown(found))}`;
  const remedy = remedyOf(issue, path, refused);
  if (remedy !== undefined) return [reason, remedy];
  return [reason, ['give what the experiment has there, see ', { type: 'listExperiments' }, ` (${issue.message}).`]];
}

/**
 * `value` as `schema` has it.
 * @param whole what the value is called, e.g. `the experiment`
 * @param typed what was typed for a field, by the field's name with dots, where another value came of it
 * @throws UsageError that names the first field that is wrong, its value and what it may be
 */
export function parseStrictly<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  whole: string,
  typed?: Readonly<Record<string, string>>,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (!result.success) throw new UsageError(...refusal(result.issues[0], { schema, value, whole, typed }));
  return result.output;
}
