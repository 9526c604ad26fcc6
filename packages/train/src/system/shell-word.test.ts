import { expect, it } from 'vitest';
import { shellWord } from './shell-word.js';

it.each([
  ['runs/static-shapes', 'runs/static-shapes', 'runs/static-shapes'],
  ["my runs/it's", "'my runs/it'\\''s'", '"my runs/it\'s"'],
  ['C:\\runs\\first', "'C:\\runs\\first'", 'C:\\runs\\first'],
  ['my runs\\', "'my runs\\'", '"my runs\\\\"'],
  ['a={"b":1}', `'a={"b":1}'`, '"a={\\"b\\":1}"'],
  ['', "''", '""'],
])('makes one word of %j on every system', (text, posix, windows) => {
  expect([shellWord(text, 'linux'), shellWord(text, 'win32')]).toEqual([posix, windows]);
});
