import { describe, expect, it } from 'vitest';
import { LaunchError } from '../errors.js';
import { elementAt } from '../required.js';
import { PlanBuilder } from './builder.js';
import { elementwise, type Kernel, MAX_ARGUMENTS, MAX_BINDINGS, shaderText } from './kernel.js';

const COUNT = 8;

/** out[i] = x[i] + shift, or zero before `from`. */
const shifted = elementwise({
  name: 'shifted',
  bindings: { x: 'read vec4', out: 'read_write' },
  arguments: ['from', 'shift'],
  count: COUNT,
  body: '  if (i >= from()) { set_out(i, x(i) + f32(shift())); }',
});

const groups = [1, 1, 1] as const;
const builder = new PlanBuilder();
const x = { storage: builder.storage('values', COUNT), offset: 4 };
const out = { storage: builder.storage('sums', COUNT), offset: 2 };

it('a launch binds by name, whatever the order of its names', () => {
  const own = new PlanBuilder();
  own.dispatch(shifted, { out, x }, { arguments: { shift: 7, from: 3 }, groups });
  const dispatch = elementAt(own.sections.forward, 0);
  expect(dispatch.buffers).toEqual([x.storage, out.storage]);
  expect(dispatch.access).toEqual(['read vec4', 'read_write']);
  expect([...dispatch.numbers]).toEqual([4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 7, 0, 0]);
});

it('the text of a kernel has a function for each argument, which reads it where a launch writes it', () => {
  const text = shaderText(shifted, false);
  expect(text).toContain('fn from() -> u32 { return numbers.v[3][0]; }');
  expect(text).toContain('fn shift() -> u32 { return numbers.v[3][1]; }');
});

describe('a wrong launch is a compile error, and a LaunchError if the types are circumvented:', () => {
  const launching = { groups, arguments: { from: 0, shift: 1 } };
  const copy = elementwise({ name: 'copy', bindings: { x: 'read', out: 'read_write' }, count: 1, body: '' });
  const tooMany = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

  it.each([
    [
      'a missing binding',
      // @ts-expect-error without out
      () => builder.dispatch(shifted, { x }, launching),
      "a launch of the kernel 'shifted' lacks 'out' among its bindings: give it 'x' and 'out'.",
    ],
    [
      'a surplus binding',
      // @ts-expect-error with y
      () => builder.dispatch(shifted, { x, out, y: x }, launching),
      "a launch of the kernel 'shifted' has no place for 'y' among its bindings: give it 'x' and 'out'.",
    ],
    [
      'a misspelt binding',
      // @ts-expect-error oui for out
      () => builder.dispatch(shifted, { x, oui: out }, launching),
      "a launch of the kernel 'shifted' lacks 'out' and has no place for 'oui' among its bindings: give it 'x' and 'out'.",
    ],
    [
      'a missing argument',
      // @ts-expect-error without shift
      () => builder.dispatch(shifted, { x, out }, { groups, arguments: { from: 0 } }),
      "a launch of the kernel 'shifted' lacks 'shift' among its arguments: give it 'from' and 'shift'.",
    ],
    [
      'no arguments where some are declared',
      // @ts-expect-error without arguments
      () => builder.dispatch(shifted, { x, out }, { groups }),
      "a launch of the kernel 'shifted' lacks 'from' and 'shift' among its arguments: give it 'from' and 'shift'.",
    ],
    [
      'an argument where none is declared',
      // @ts-expect-error with from
      () => builder.dispatch(copy, { x, out }, { groups, arguments: { from: 0 } }),
      "a launch of the kernel 'copy' has no place for 'from' among its arguments: give it none.",
    ],
    [
      'a buffer of vectors that starts within one',
      () => builder.dispatch(shifted, { x: { ...x, offset: 6 }, out }, launching),
      "the kernel 'shifted' takes 'x' in vectors but was given 'values' from 6 on: give it a multiple of 4.",
    ],
    [
      'more bindings than WebGPU allows',
      () => {
        const names = tooMany('b', MAX_BINDINGS + 1);
        const bindings = Object.fromEntries(names.map((name) => [name, 'read' as const]));
        const kernel: Kernel<string> = { ...copy, bindings };
        builder.dispatch(kernel, Object.fromEntries(names.map((name) => [name, x])), { groups });
      },
      "the kernel 'copy' declares 9 bindings: declare 8 at most.",
    ],
    [
      'more arguments than there is room for',
      () => {
        const names = tooMany('a', MAX_ARGUMENTS + 1);
        const kernel: Kernel<'x' | 'out', string> = { ...copy, arguments: names };
        const values = Object.fromEntries(names.map((name) => [name, 0]));
        builder.dispatch(kernel, { x, out }, { groups, arguments: values });
      },
      "the kernel 'copy' declares 5 arguments: declare 4 at most.",
    ],
  ])('%s', (_, launch, message) => {
    const launches = builder.sections.forward.length;
    expect(launch).toThrow(new LaunchError(message));
    expect(launch).toThrow(LaunchError);
    expect(builder.sections.forward).toHaveLength(launches);
  });
});
