import { describe, expect, it } from 'vitest';
import { componentColour, type Rgb, toHex } from './palette.js';
import { BACKGROUND, NO_VALUE } from './pictures/pixels.js';

const distance = (a: Rgb, b: Rgb) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe('componentColour', () => {
  it('starts with the palette of Okabe and Ito', () => {
    expect([0, 1, 2, 6].map((k) => toHex(componentColour(k)))).toEqual(['#0072b2', '#e69f00', '#009e73', '#f0e442']);
  });

  it('keeps 32 components apart from each other, the background, white and the colour of no value', () => {
    const colours: Rgb[] = [...Array.from({ length: 32 }, (_, k) => componentColour(k)), BACKGROUND, NO_VALUE];
    colours.push([255, 255, 255]);
    for (const [i, a] of colours.entries()) {
      expect(a.every((channel) => Number.isInteger(channel) && channel >= 0 && channel <= 255)).toBe(true);
      for (const b of colours.slice(i + 1)) expect(distance(a, b), `${a} and ${b}`).toBeGreaterThan(40);
    }
  });

  it('repeats no colour among 100', () => {
    expect(new Set(Array.from({ length: 100 }, (_, k) => toHex(componentColour(k)))).size).toBe(100);
  });
});
