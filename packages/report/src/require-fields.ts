import { ReportError } from './report-error.js';

/** The kinds of field that data to be drawn have. */
const KINDS = {
  number: 'a number',
  Float32Array: 'a Float32Array',
  Uint8Array: 'a Uint8Array',
} as const;

/** A field that must be there: its kind, and its remedy where that is more than to give it. */
export interface RequiredField {
  readonly kind: keyof typeof KINDS;
  readonly remedy?: string;
}

/**
 * @param what the data, e.g. `the grouping`
 * @throws ReportError that names the first field that is missing, or is of another kind, and what to give
 */
export function requireFields<T extends object>(
  what: string,
  data: T,
  fields: Partial<Readonly<Record<keyof T & string, RequiredField>>>,
): void {
  if (typeof data !== 'object' || data === null) throw new ReportError(`${what} is ${String(data)}: give an object.`);
  for (const [name, { kind, remedy }] of Object.entries(fields as Record<string, RequiredField>)) {
    const value: unknown = (data as Record<string, unknown>)[name];
    const isKind =
      kind === 'number' ? typeof value === 'number' : Object.prototype.toString.call(value) === `[object ${kind}]`;
    if (isKind) continue;
    const start =
      value === undefined || value === null ? `${name} of ${what} is missing` : `${name} of ${what} is no ${kind}`;
    throw new ReportError(`${start}: ${remedy ?? `give ${KINDS[kind]}`}.`);
  }
}
