import { InvalidArgumentError, Option } from 'commander';
import { PRECISIONS } from '../engines/precision.js';
import { ENGINES } from '../engines/table.js';

function integerFrom(least: number, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < least || value > most) {
    throw new InvalidArgumentError(`give an integer from ${least} to ${most}.`);
  }
  return value;
}

/** An integer from 0 on. */
export const integer = (text: string) => integerFrom(0, text);
export const atLeastOne = (text: string) => integerFrom(1, text);
/** An integer from 1 to `most`. */
export const upTo = (most: number) => (text: string) => integerFrom(1, text, most);

/** A number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0)) throw new InvalidArgumentError('give a number above 0.');
  return value;
}

/** A number from 0 to below 1. */
export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1))
    throw new InvalidArgumentError('give a number from 0 to below 1.');
  return value;
}

export function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('give a path.');
  return text;
}

const collect = (value: string, previous: readonly string[]) => [...previous, value];

export const engineOption = (fallback = 'auto') =>
  new Option('--engine <name>', `what computes: auto, ${ENGINES.join(', ')} (default: ${fallback})`);
export const workersOption = (fallback = 'one a core') =>
  new Option('--workers <n>', `threads of the engines native and wasm (default: ${fallback})`).argParser(atLeastOne);
export const precisionOption = () =>
  new Option('--precision <name>', 'what products are computed in, by an engine that can (default: float32)').choices(
    PRECISIONS,
  );
export const float16Option = () =>
  new Option('--float16', 'short for --precision float16').implies({ precision: 'float16' });
export const setOption = (what = 'the experiment') =>
  new Option('--set <key=value>', `changes a field of ${what}; repeatable`).argParser(collect).default([], 'none');
