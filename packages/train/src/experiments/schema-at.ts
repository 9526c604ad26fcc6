import { z } from 'zod';

/** The alternative of a union of objects that has the type of `value`. */
function alternative(union: z.ZodDiscriminatedUnion, value: unknown): unknown {
  const type = (value as { readonly type?: unknown } | null | undefined)?.type;
  return objectsOf(union).find((option) => typesOf(option).includes(type));
}

const objectsOf = (union: z.ZodDiscriminatedUnion) => union.options.filter((option) => option instanceof z.ZodObject);

const typesOf = ({ shape }: z.ZodObject): unknown[] =>
  shape.type instanceof z.ZodLiteral ? [...shape.type.values] : [];

/** The schema of one entry of what `schema` describes. */
function entrySchema(schema: unknown, key: PropertyKey, value: unknown): unknown {
  if (schema instanceof z.ZodOptional) return entrySchema(schema.unwrap(), key, value);
  if (schema instanceof z.ZodDiscriminatedUnion) return entrySchema(alternative(schema, value), key, value);
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodObject ? schema.shape[String(key)] : undefined;
}

/** The schema of the part of `value` at `path`; undefined where there is none. */
function schemaAt(schema: unknown, value: unknown, path: readonly PropertyKey[]): unknown {
  if (path.length === 0) return schema;
  const [key, ...rest] = path as [PropertyKey, ...PropertyKey[]];
  const inner = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  return schemaAt(entrySchema(schema, key, value), inner, rest);
}

/** What an object at `path` of `value` may be, e.g. `an object whose type is bitFlip or none`. */
export function wantedObject(schema: unknown, value: unknown, path: readonly PropertyKey[]): string {
  const found = schemaAt(schema, value, path);
  if (found instanceof z.ZodDiscriminatedUnion)
    return `an object whose type is ${objectsOf(found).flatMap(typesOf).join(' or ')}`;
  return found instanceof z.ZodObject ? `an object with ${Object.keys(found.shape).join(', ')}` : 'an object';
}
