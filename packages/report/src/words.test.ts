import { describe, expect, it } from 'vitest';
import { formatDuration, wrapText } from './words.js';

describe('formatDuration', () => {
  it.each([
    [0.1234, '0.12 s', '0 s'],
    [42.4, '42 s', '42 s'],
    [59.8, '1 min 0 s', '1 min 00 s'],
    [3599, '59 min 59 s', '59 min 59 s'],
    [3600, '1 h 0 min', '1 h 00 min'],
    [7509, '2 h 5 min', '2 h 05 min'],
    [Number.NaN, '–', '–'],
  ])('writes %d seconds as %s, or as %s with digits that stay in place', (seconds, text, fixed) => {
    expect([formatDuration(seconds), formatDuration(seconds, { fixed: true })]).toEqual([text, fixed]);
  });
});

describe('wrapText', () => {
  it('breaks at spaces, fills lines and loses no word', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('one two three', 6)).toEqual(['one', 'two', 'three']);
    expect(wrapText('', 6)).toEqual(['']);
  });

  it('gives a word that is longer than a line one of its own, uncut', () => {
    expect(wrapText('a wwwwwwww b', 4)).toEqual(['a', 'wwwwwwww', 'b']);
  });
});
