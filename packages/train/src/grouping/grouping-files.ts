import { UsageError } from '../errors.js';
import type { FileGrouping } from './group-file.js';
import { encodeNpy } from './npy.js';

/** A file that is written: what its name ends with, and its content. */
interface Written {
  readonly ending: string;
  readonly content: Uint8Array;
}

type Write = (grouping: FileGrouping) => Promise<readonly Written[]>;

/** What a picture is drawn from. */
const drawn = ({ grouping: { shape, gamma, predictions }, inputs }: FileGrouping) => ({
  ...shape,
  ...{ inputs, gamma, predictions },
});

/** Every array of a grouping with its shape. */
function arraysOf({ grouping: { shape, labels, gamma, predictions, hidden } }: FileGrouping) {
  const { steps, batch, components, height, width } = shape;
  const axes = ['steps', 'batch', 'components', 'height', 'width'];
  const everywhere = { axes, shape: [steps, batch, components, height, width] };
  return {
    labels: {
      axes: axes.filter((axis) => axis !== 'components'),
      shape: [steps, batch, height, width],
      values: labels,
    },
    gamma: { ...everywhere, values: gamma },
    predictions: { ...everywhere, values: predictions },
    hidden: {
      axes: [...axes.slice(0, 3), 'hidden'],
      shape: [steps, batch, components, shape.hidden],
      values: hidden,
    },
  } as const;
}

const FORMATS = {
  png: async (grouping) => {
    const { groupingPicture } = await import('@nem/report');
    return [{ ending: '.png', content: groupingPicture(drawn(grouping)) }];
  },
  gif: async (grouping) => {
    const { groupingAnimation } = await import('@nem/report');
    return [{ ending: '.gif', content: groupingAnimation(drawn(grouping)) }];
  },
  npy: async (grouping) => {
    const { labels, gamma } = arraysOf(grouping);
    return [
      { ending: '.labels.npy', content: encodeNpy(labels.shape, labels.values) },
      { ending: '.gamma.npy', content: encodeNpy(gamma.shape, gamma.values) },
    ];
  },
  hdf5: async (grouping) => {
    const { encodeHdf5 } = await import('@nem/datasets/hdf5');
    return [{ ending: '.h5', content: await encodeHdf5(arraysOf(grouping)) }];
  },
} as const satisfies Record<string, Write>;

type GroupingFormat = keyof typeof FORMATS;

const groupingFormats = Object.keys(FORMATS) as readonly GroupingFormat[];

/**
 * The formats of a list such as `png,npy`.
 * @throws UsageError for one that is none
 */
export function parseFormats(text: string): GroupingFormat[] {
  return text.split(',').map((name) => {
    const format = groupingFormats.find((known) => known === name.trim().toLowerCase());
    if (format) return format;
    throw new UsageError(
      `unknown format '${name.trim()}'`,
      `use ${groupingFormats.join(', ')}, or several with commas.`,
    );
  });
}

/** The files of a grouping in some formats. */
export async function groupingFiles(
  grouping: FileGrouping,
  formats: readonly GroupingFormat[],
): Promise<readonly Written[]> {
  const written = await Promise.all(formats.map((format) => (FORMATS[format] as Write)(grouping)));
  return written.flat();
}
