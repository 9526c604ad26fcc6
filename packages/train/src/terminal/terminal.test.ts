import { expect, it } from 'vitest';
import { coloursOf, isLive } from './terminal.js';

const [terminal, pipe] = [{ isTTY: true }, { isTTY: false }] as const;

it.each([
  [terminal, { TERM: 'xterm' }, true],
  [terminal, {}, true],
  [terminal, { TERM: 'dumb' }, false],
  [pipe, { TERM: 'xterm', CI: 'true' }, false],
])('%j with %j: escape codes %j', (stream, env, expected) => {
  expect(isLive(stream, env)).toBe(expected);
  expect(coloursOf(stream, env).isColorSupported).toBe(expected);
});

it('colours are turned on by FORCE_COLOR and off by NO_COLOR', () => {
  expect(coloursOf(pipe, { FORCE_COLOR: '1' }).isColorSupported).toBe(true);
  expect(coloursOf(pipe, { FORCE_COLOR: '0' }).isColorSupported).toBe(false);
  expect(coloursOf(terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }).isColorSupported).toBe(false);
  expect(coloursOf(terminal, { NO_COLOR: '' }).isColorSupported).toBe(true);
});
