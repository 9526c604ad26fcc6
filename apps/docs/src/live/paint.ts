/** The colours of the components, apart for all kinds of colour vision (Okabe and Ito 2008). */
export const COLOURS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#f0e442',
  '#999999',
] as const;

type Rgb = readonly [number, number, number];

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

const PALETTE = COLOURS.map(rgb);

export const colourOf = (component: number): string => COLOURS[component % COLOURS.length] as string;

/** Pictures stand on black in both themes, as the data do. */
const BLACK: Rgb = [16, 18, 24];
const WHITE: Rgb = [245, 246, 248];

/** Pixels as red, green, blue, alpha; made without a canvas, so that it can be tested. */
export type Pixels = Uint8ClampedArray<ArrayBuffer>;

function filled(count: number, colour: (pixel: number) => Rgb): Pixels {
  const out = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    const [red, green, blue] = colour(i);
    out.set([red, green, blue, 255], 4 * i);
  }
  return out;
}

const between = (from: Rgb, to: Rgb, share: number): Rgb =>
  [0, 1, 2].map((c) => (from[c] ?? 0) + share * ((to[c] ?? 0) - (from[c] ?? 0))) as unknown as Rgb;

/** An image from black to white. */
export const paintGrey = (image: Float32Array): Pixels =>
  filled(image.length, (i) => between(BLACK, WHITE, image[i] ?? 0));

/** What a component predicts, from black to its colour. */
export const paintPrediction = (psi: Float32Array, component: number): Pixels => {
  const colour = PALETTE[component % PALETTE.length] as Rgb;
  return filled(psi.length, (i) => between(BLACK, colour, psi[i] ?? 0));
};

/** How bright an assignment is shown where the image is dark: who owns the background matters less. */
const BACKGROUND = 0.22;

/**
 * γ in colours: every pixel is a mixture of the components' colours, by how much of it belongs to each.
 * @param gamma [components, pixels]
 */
export function paintAssignment(gamma: Float32Array, image: Float32Array): Pixels {
  const components = gamma.length / image.length;
  return filled(image.length, (i) => {
    const mixed = [0, 0, 0];
    for (let k = 0; k < components; k++) {
      const colour = PALETTE[k % PALETTE.length] as Rgb;
      for (let c = 0; c < 3; c++) mixed[c] = (mixed[c] ?? 0) + (gamma[k * image.length + i] ?? 0) * (colour[c] ?? 0);
    }
    return between(BLACK, mixed as unknown as Rgb, BACKGROUND + (1 - BACKGROUND) * (image[i] ?? 0));
  });
}

const LOST: Rgb = [255, 96, 64];
const ADDED: Rgb = [255, 214, 92];

/** A noisy image beside the clean one: kept pixels grey, lost ones red, added ones yellow. */
export const paintNoise = (noisy: Float32Array, clean: Float32Array): Pixels =>
  filled(clean.length, (i) => {
    const [now, was] = [noisy[i] ?? 0, clean[i] ?? 0];
    if (now < was - 0.5) return LOST;
    return now > was + 0.5 ? ADDED : between(BLACK, WHITE, 0.75 * was);
  });

/**
 * What a component reads, γ (x̃ − ψ): its colour where it should predict more, grey where less.
 * @param noisy x̃; @param psi the prediction before the step
 */
export function paintDifference(
  gamma: Float32Array,
  noisy: Float32Array,
  psi: Float32Array,
  component: number,
): Pixels {
  const colour = PALETTE[component % PALETTE.length] as Rgb;
  return filled(noisy.length, (i) => {
    const difference = (gamma[i] ?? 0) * ((noisy[i] ?? 0) - (psi[i] ?? 0));
    return between(BLACK, difference > 0 ? colour : [150, 152, 160], Math.min(1, Math.abs(difference)));
  });
}
