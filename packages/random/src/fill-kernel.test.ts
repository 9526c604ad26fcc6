import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHUNK_WORDS, compiledKernel, fillKernel, plainKernel } from './fill-kernel.js';

const word = fc.integer({ min: 0, max: 0xffffffff });
const compiled = compiledKernel();
const plain = plainKernel();

it('the compiled kernel gives the same bits as plain JavaScript', () => {
  fc.assert(
    fc.property(word, word, word, fc.integer({ min: 1, max: CHUNK_WORDS / 8 }), (key0, key1, block, quads) => {
      for (const kernel of [compiled, plain]) kernel.makeWords(key0, key1, block, quads * 4);
      expect(compiled.words.subarray(0, quads * 8)).toEqual(plain.words.subarray(0, quads * 8));
      for (const kernel of [compiled, plain]) kernel.makeNormals(3, quads * 8 - 3);
      expect(compiled.normals.subarray(0, quads * 8 - 3)).toEqual(plain.normals.subarray(0, quads * 8 - 3));
      for (const kernel of [compiled, plain]) {
        kernel.floats.set(kernel.normals.subarray(0, quads * 8 - 3));
        kernel.flip(1, quads * 8 - 3, key0);
      }
      expect(compiled.floats.subarray(0, quads * 8 - 3)).toEqual(plain.floats.subarray(0, quads * 8 - 3));
    }),
  );
});

it('the compiled kernel gives the same normal numbers for the smallest, largest and middle words', () => {
  const words = [0, 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
  for (const kernel of [compiled, plain]) {
    kernel.words.set(words);
    kernel.makeNormals(0, words.length);
  }
  expect(compiled.normals.subarray(0, words.length)).toEqual(plain.normals.subarray(0, words.length));
  expect(Math.abs(compiled.normals[0]!)).toBeGreaterThan(6);
});

it('the compiled kernel is used on this machine', () => expect(fillKernel().words.buffer).not.toBe(plain.words.buffer));

it('binary.ts is what the C source compiles to (needs zig)', ({ skip }) => {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const [tool, source, binary] = ['../../../tools/compile-wasm.mjs', '../c/fills.c', './binary.ts'].map(path);
  const args = [tool as string, source as string, binary as string, 'words', 'normals', 'flips', '--check'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status === 2) skip();
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
