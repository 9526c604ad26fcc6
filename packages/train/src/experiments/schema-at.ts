import type * as v from 'valibot';

/** What valibot's schemas have by which one looks into them: each kind has some of it. */
export interface AnySchema extends v.GenericSchema {
  /** Of an object. */
  readonly entries?: Readonly<Record<string, AnySchema>>;
  /** Of a union; of a list of values. */
  readonly options?: readonly (AnySchema | string)[];
  /** Of an array. */
  readonly item?: AnySchema;
  /** Of a tuple. */
  readonly items?: readonly AnySchema[];
  /** Of what may be missing. */
  readonly wrapped?: AnySchema;
  readonly literal?: unknown;
  /** The schema itself and what else it asks for. */
  readonly pipe?: readonly { readonly type: string }[];
}

const listed = (values: readonly unknown[]): string => values.map(String).join(' or ');

const isSchema = (option: AnySchema | string): option is AnySchema => typeof option !== 'string';

/** The alternatives of a union of objects that are told apart by their `type`. */
const objectsOf = ({ options = [] }: AnySchema): AnySchema[] => options.filter(isSchema);

const typeOf = ({ entries }: AnySchema): unknown => entries?.type?.literal;

/** The types of a union's alternatives, e.g. `bitFlip or none`. */
export const typesOf = (union: AnySchema): string => listed(objectsOf(union).map(typeOf));

/** The schema of one entry of what `schema` describes. */
function entrySchema(schema: AnySchema, key: string, value: unknown): AnySchema | undefined {
  if (schema.wrapped) return entrySchema(schema.wrapped, key, value);
  if (schema.type === 'variant') {
    const type = (value as { readonly type?: unknown } | null | undefined)?.type;
    const alternative = objectsOf(schema).find((option) => typeOf(option) === type);
    return alternative && entrySchema(alternative, key, value);
  }
  return schema.item ?? schema.items?.[Number(key)] ?? schema.entries?.[key];
}

/** The schema of the part of `value` at `path`; undefined where there is none. */
export function schemaAt(schema: AnySchema, value: unknown, path: readonly string[]): AnySchema | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  const entry = entrySchema(schema, key, value);
  return entry && schemaAt(entry, (value as Record<string, unknown> | null | undefined)?.[key], rest);
}

const KINDS: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  string: 'a text',
  array: 'a list',
};

/** What a schema accepts, e.g. `an integer` or `last or all`; undefined where it does not say. */
export function described(schema: AnySchema | undefined): string | undefined {
  switch (schema?.type) {
    case 'variant':
      return `an object whose type is ${typesOf(schema)}`;
    case 'union':
      return listed(objectsOf(schema).map(described));
    case 'picklist':
      return listed(schema.options ?? []);
    case 'literal':
      return String(schema.literal);
    case 'optional':
      return described(schema.wrapped);
    case 'strict_tuple':
      return `a list of ${schema.items?.length} entries`;
    case 'number':
      return schema.pipe?.some(({ type }) => type === 'integer') ? 'an integer' : 'a number';
    default:
      if (schema?.entries) return `an object with ${Object.keys(schema.entries).join(', ')}`;
      return schema && (KINDS[schema.type] ?? (schema.type === 'record' ? 'an object' : undefined));
  }
}
