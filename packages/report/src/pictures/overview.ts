import { componentColour, toHex } from '../palette.js';
import { ReportError } from '../report-error.js';
import { type Names, requireOptions } from '../require-options.js';
import { element, escapeXml, FONT_FAMILY, fitLines, fitText, INK } from '../svg.js';
import { groupColours } from './group-colours.js';
import { checkSample, type OverviewSample, row } from './overview-sample.js';
import { gammaRaster, greyRaster, groupsRaster, pngDataUri, type Raster } from './pixels.js';

export type { OverviewSample } from './overview-sample.js';

export interface OverviewOptions {
  /** Heading of the figure. Default: `Grouping by EM step`. */
  readonly title?: string;
  /** A label for each sample, e.g. with its score. Default: `sample 1`, `sample 2` … */
  readonly labels?: readonly string[];
  /** Most steps drawn of a sample, at least 2: evenly spaced, the first and the last among them. Default 10. */
  readonly maxSteps?: number;
  /** Samples side by side. Default 2. */
  readonly samplesPerRow?: number;
}

const NAMES: Names<OverviewOptions> = { title: true, labels: true, maxSteps: true, samplesPerRow: true };

/** Lengths of the layout in pixels. Whole numbers keep the pixels of embedded images on those of the screen. */
const MARGIN = 16;
const LABEL_WIDTH = 116;
const FRAME = 56;
const GAP = 7;
const BORDER = 2;
const FONT_SIZE = 12;
const LINE = 18;
const TITLE_SIZE = 17;
const TITLE_LINE = 24;
const BLOCK_GAP = 32;
const MIN_WIDTH = 520;

/** A line of pictures: one for each step that is drawn. */
interface PictureRow {
  readonly label: string;
  /** Colour of swatch and border, for the rows of one component. */
  readonly colour?: string;
  readonly draw: (step: number) => Raster;
}

/** Evenly spaced step indices, first and last included: all of them up to `most`. */
export function chooseSteps(steps: number, most: number): number[] {
  const count = Math.min(steps, most);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (steps - 1)) / (count - 1))));
}

function pictureRows(sample: OverviewSample): PictureRow[] {
  const { width, height, components, inputs, targets, gamma, predictions, groups } = sample;
  const pixels = width * height;
  const colours = groupColours(sample);
  const frame = (label: string, frames: Float32Array): PictureRow => ({
    label,
    draw: (step) => greyRaster(row(frames, step, pixels), width, height),
  });
  return [
    frame('input x̃ (noisy)', inputs),
    ...(targets ? [frame('target x (clean)', targets)] : []),
    { label: 'true groups', draw: (step) => groupsRaster(row(groups, step, pixels), colours, width, height) },
    { label: 'γ', draw: (step) => gammaRaster(row(gamma, step, components * pixels), components, width, height) },
    ...Array.from({ length: components }, (_, k) => ({
      label: `ψ, k = ${k + 1}`,
      colour: toHex(componentColour(k)),
      draw: (step: number) => greyRaster(row(predictions, step * components + k, pixels), width, height),
    })),
  ];
}

function label(x: number, y: number, content: string, attributes: Record<string, string | number> = {}): string {
  return element('text', { x, y, 'font-size': FONT_SIZE, ...attributes }, escapeXml(content));
}

const swatch = (x: number, y: number, colour: string): string =>
  element('rect', { x, y: y - 10, width: 11, height: 11, rx: 2, fill: colour });

/** How large a sample's block is. */
interface BlockSize {
  /** Pixels on screen of one pixel of a frame. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

function blockSize({ width, height, components, targets }: OverviewSample, columns: number): BlockSize {
  const scale = Math.max(1, Math.round(FRAME / Math.max(width, height)));
  const rows = components + (targets ? 4 : 3);
  return {
    scale,
    width: LABEL_WIDTH + columns * (width * scale + GAP) - GAP + BORDER,
    height: 2 * LINE + rows * (height * scale + GAP),
  };
}

/** One sample with its top left corner at (0, 0): a line of step numbers, then a line of pictures for each row. */
function block(sample: OverviewSample, heading: string, steps: readonly number[], { scale, width }: BlockSize): string {
  const cellWidth = sample.width * scale;
  const cellHeight = sample.height * scale;
  const columnX = (column: number) => LABEL_WIDTH + column * (cellWidth + GAP);
  const parts = [
    label(0, 12, fitText(heading, width, FONT_SIZE), { 'font-weight': 'bold' }),
    label(0, LINE + 12, 'EM step t'),
    ...steps.map((step, column) =>
      label(columnX(column) + cellWidth / 2, LINE + 12, `t = ${step + 1}`, { 'text-anchor': 'middle' }),
    ),
  ];
  pictureRows(sample).forEach(({ label: name, colour, draw }, index) => {
    const y = 2 * LINE + index * (cellHeight + GAP);
    const middle = y + cellHeight / 2 + 4;
    if (colour) parts.push(swatch(0, middle, colour));
    parts.push(label(colour ? 17 : 0, middle, name));
    steps.forEach((step, column) => {
      parts.push(...picture(draw(step), columnX(column), y, scale, colour));
    });
  });
  return parts.join('\n');
}

function picture(raster: Raster, x: number, y: number, scale: number, border?: string): string[] {
  const width = raster.width * scale;
  const height = raster.height * scale;
  const image = element('image', {
    x,
    y,
    width,
    height,
    // The older name is for viewers that know SVG 1.1 only.
    'image-rendering': 'optimizeSpeed',
    style: 'image-rendering:pixelated',
    href: pngDataUri(raster),
  });
  if (!border) return [image];
  const frame = {
    x: x - BORDER / 2,
    y: y - BORDER / 2,
    width: width + BORDER,
    height: height + BORDER,
    fill: 'none',
    stroke: border,
    'stroke-width': BORDER,
  };
  return [image, element('rect', frame)];
}

const LEGEND_ITEM = 68;

/** The meaning of colours and greys; returns its markup and height for a figure of this width. */
function legend(components: number, width: number): { markup: string; height: number } {
  const perLine = Math.max(1, Math.floor((width - LABEL_WIDTH) / LEGEND_ITEM));
  const items = Array.from({ length: components }, (_, k) => {
    const x = LABEL_WIDTH + (k % perLine) * LEGEND_ITEM;
    const y = 12 + Math.floor(k / perLine) * LINE;
    return swatch(x, y, toHex(componentColour(k))) + label(x + 16, y, `k = ${k + 1}`);
  });
  const top = Math.ceil(components / perLine) * LINE;
  const notes = [
    'γ: each pixel is the sum of the component colours, weighted by γ.',
    'True groups: the colour of the component that takes most of the group in the later steps; black: background, overlap.',
    'x̃, x, ψ: black is 0, white is 1.',
  ].flatMap((note) => fitLines(note, width, FONT_SIZE));
  const lines = notes.map((line, i) => label(0, top + 12 + i * LINE, line, { fill: '#57606a' }));
  return {
    markup: [label(0, 12, 'components'), ...items, ...lines].join('\n'),
    height: top + notes.length * LINE,
  };
}

function checkOptions(samples: readonly OverviewSample[], maxSteps: number, samplesPerRow: number): void {
  if (samples.length === 0) throw new ReportError('There are 0 samples to draw: give at least one.');
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 2) {
    throw new ReportError(`maxSteps is ${maxSteps}: give an integer of at least 2.`);
  }
  if (!Number.isSafeInteger(samplesPerRow) || samplesPerRow < 1) {
    throw new ReportError(`samplesPerRow is ${samplesPerRow}: give an integer of at least 1.`);
  }
  samples.forEach(checkSample);
}

const translate = (x: number, y: number, markup: string): string =>
  element('g', { transform: `translate(${x} ${y})` }, markup);

/** Top left corners of blocks set in lines of `perRow`, and the size of the whole. */
function arrange(sizes: readonly BlockSize[], perRow: number) {
  const corners: { x: number; y: number }[] = [];
  let y = 0;
  let width = 0;
  for (let start = 0; start < sizes.length; start += perRow) {
    const line = sizes.slice(start, start + perRow);
    let x = 0;
    for (const size of line) {
      corners.push({ x, y });
      x += size.width + BLOCK_GAP;
    }
    width = Math.max(width, x - BLOCK_GAP);
    y += Math.max(...line.map(({ height }) => height)) + BLOCK_GAP;
  }
  return { corners, width, height: y - BLOCK_GAP };
}

/**
 * The overview picture of perceptual grouping (the paper's figures 2 and 3): for each sample a grid with one column an
 * EM step and, from top to bottom, the noisy input, the clean target, the true groups, γ and every component's
 * prediction ψ_k in its colour's border.
 *
 * @param samples at least one; they may differ in size, steps and components
 * @returns an SVG document on white, its frames embedded as PNG
 * @throws ReportError for no samples, arrays that are missing or do not fit their sizes, unknown options and
 *   those out of range
 */
export function overviewSvg(samples: readonly OverviewSample[], options: OverviewOptions = {}): string {
  requireOptions(options, 'overviewSvg', NAMES);
  const { title = 'Grouping by EM step', maxSteps = 10, samplesPerRow = 2 } = options;
  checkOptions(samples, maxSteps, samplesPerRow);
  const steps = samples.map((sample) => chooseSteps(sample.steps, maxSteps));
  const sizes = samples.map((sample, i) => blockSize(sample, steps[i]!.length));
  const grid = arrange(sizes, samplesPerRow);
  const inner = Math.max(MIN_WIDTH, grid.width);
  const titleLines = fitLines(title, inner, TITLE_SIZE);
  const key = legend(Math.max(...samples.map(({ components }) => components)), inner);
  const keyTop = MARGIN + titleLines.length * TITLE_LINE + 4;
  const gridTop = keyTop + key.height + BLOCK_GAP / 2;
  const blocks = samples.map((sample, i) => {
    const { x, y } = grid.corners[i]!;
    const heading = options.labels?.[i] ?? `sample ${i + 1}`;
    return translate(MARGIN + x, gridTop + y, block(sample, heading, steps[i]!, sizes[i]!));
  });
  const titleStyle = { 'font-size': TITLE_SIZE, 'font-weight': 'bold' };
  return svgDocument(inner + 2 * MARGIN, gridTop + grid.height + MARGIN, title, [
    ...titleLines.map((line, i) => label(MARGIN, MARGIN + TITLE_SIZE - 3 + i * TITLE_LINE, line, titleStyle)),
    translate(MARGIN, keyTop, key.markup),
    ...blocks,
  ]);
}

function svgDocument(width: number, height: number, title: string, parts: readonly string[]): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': FONT_FAMILY,
    fill: INK,
  };
  const paper = element('rect', { width, height, fill: '#ffffff' });
  return `${element('svg', attributes, element('title', {}, escapeXml(title)), '\n', [paper, ...parts].join('\n'), '\n')}\n`;
}
