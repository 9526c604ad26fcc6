import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { CodedError } from './coded-error.js';

class Wide extends CodedError {
  static override readonly code: string = 'NEM_WIDE';
  override readonly name: string = 'Wide';
}
class Narrow extends Wide {
  static override readonly code = 'NEM_WIDE_NARROW';
  override readonly name = 'Narrow';
}
class Wider extends CodedError {
  static override readonly code = 'NEM_WIDER';
}
/** As a caller may have it: without a code of its own. */
class Own extends Wide {}

describe('a coded error', () => {
  it('is an instance of its classes, and of no other', () => {
    const narrow = new Narrow('message', { cause: 5 });
    expect([narrow.name, narrow.code, narrow.message, narrow.cause]).toEqual([
      'Narrow',
      'NEM_WIDE_NARROW',
      'message',
      5,
    ]);
    for (const type of [Narrow, Wide, CodedError, Error]) expect(narrow).toBeInstanceOf(type);
    expect(new Wide()).not.toBeInstanceOf(Narrow);
    expect(new Wider()).not.toBeInstanceOf(Wide);
    expect(new Wide()).not.toBeInstanceOf(Wider);
  });

  it('without a code of its own has its parent’s, and is recognised by its class', () => {
    expect(new Own().code).toBe('NEM_WIDE');
    expect(new Own()).toBeInstanceOf(Own);
    expect(new Own()).toBeInstanceOf(Wide);
    expect(new Wide()).not.toBeInstanceOf(Own);
  });

  it.each([null, undefined, 5, 'NEM_WIDE', {}, { code: 5 }, new Error('NEM_WIDE')])('is not %s', (value) => {
    expect((value as unknown) instanceof Wide).toBe(false);
    expect((value as unknown) instanceof CodedError).toBe(false);
  });
});

it('errors of one copy of the package are instances of the other copy’s classes', async () => {
  const modules: typeof import('../index.js') = await import(new URL('../../dist/index.js', import.meta.url).href);
  const required: typeof import('../index.js') = createRequire(import.meta.url)('../../dist/index.cjs');
  const thrown = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const errors = {
    NetworkError: (copy: typeof modules) => new copy.NetworkError(''),
    VectorError: (copy: typeof modules) => thrown(() => copy.decodeVector(new Uint8Array(0))),
    SafetensorsError: (copy: typeof modules) => thrown(() => copy.decodeSafetensors(new Uint8Array(0))),
  };
  for (const [name, make] of Object.entries(errors) as [keyof typeof errors, (copy: typeof modules) => unknown][]) {
    expect(modules[name]).not.toBe(required[name]);
    for (const [one, other] of [
      [modules, required],
      [required, modules],
    ] as const) {
      expect(make(one)).toBeInstanceOf(other[name]);
      expect(make(one)).toMatchObject({ name, code: `NEM_${name.replace('Error', '').toUpperCase()}` });
      for (const another of Object.keys(errors) as (keyof typeof errors)[]) {
        if (another !== name) expect(make(one)).not.toBeInstanceOf(other[another]);
      }
    }
  }
});
