/** Red, green and blue from 0 to 255 (sRGB). */
export type Rgb = readonly [number, number, number];

/**
 * The palette of Okabe and Ito (2008), whose colours people with any common colour blindness tell apart, without its
 * black, which the pictures use for the background. Ordered so that the first few differ most.
 */
const OKABE_ITO: readonly Rgb[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [213, 94, 0],
  [240, 228, 66],
];

/** Turning the hue by the golden angle keeps any number of colours apart. */
const GOLDEN_ANGLE = 180 * (3 - Math.sqrt(5));

/**
 * Start, saturation and lightnesses (taken in turn) of the generated colours: of the values on a coarse grid those that
 * keep the first 32 colours furthest from each other, from black and from white.
 */
const FIRST_HUE = 105;
const SATURATION = 0.8;
const LIGHTNESSES = [0.55, 0.75, 0.35, 0.25, 0.45] as const;

/** HSL to sRGB (CSS Color Module 4, section 7.1); hue in degrees, the others in [0, 1]. */
function hslToRgb(hue: number, saturation: number, lightness: number): Rgb {
  const amplitude = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/**
 * The colour of a component: the first seven from the palette of Okabe and Ito, further ones generated.
 * @param index counted from 0
 */
export function componentColour(index: number): Rgb {
  const known = OKABE_ITO[index];
  if (known) return known;
  const generated = index - OKABE_ITO.length;
  const hue = (FIRST_HUE + generated * GOLDEN_ANGLE) % 360;
  return hslToRgb(hue, SATURATION, LIGHTNESSES[generated % LIGHTNESSES.length]!);
}

/** `#rrggbb`. */
export const toHex = (colour: Rgb): string =>
  `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
