import { Command, InvalidArgumentError, Option } from 'commander';
import type { GroupArguments } from '../group-command.js';
import { atLeastOne, integer, path, upTo } from '../options.js';

function threshold(text: string): number | false | undefined {
  if (text === 'auto') return undefined;
  if (text === 'none') return false;
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('give a number of at least 0 and below 1, auto or none.');
}

async function run(model: string, files: readonly string[], options: GroupArguments): Promise<void> {
  const { groupCommand } = await import('../group-command.js');
  await groupCommand(model, files, options);
}

/** `nem group`: groups the pixels of images by a trained network. */
export const group = (): Command =>
  new Command('group')
    .description('groups the pixels of images by a trained network: coloured pictures, labels and γ')
    .argument('<model>', "a run's folder, a safetensors file, its URL, or a model's name, e.g. static-shapes")
    .argument('<files...>', 'PNG, JPEG, GIF, IDX, HDF5 or .npy, or a folder of pictures; - is standard input')
    // As many as a model of @nem/models groups into; it is not loaded for --help.
    .option('--components <n>', "K, from 1 to 256 (default: the network's)", upTo(256))
    .option('--steps <n>', "EM steps for a still image (default: the network's)", atLeastOne)
    .option('--seed <n>', 'seed of the initial γ (default: 0)', integer)
    .option('--engine <name>', 'what computes: auto, native, wasm, tensorflow, webgpu, plain', 'auto')
    .option('--count <n>', 'the first so many images or sequences of an IDX or HDF5 file', atLeastOne, 16)
    .option('--sequence', 'the files are the frames of one sequence, a folder or pattern in the order of its numbers')
    .addOption(
      new Option(
        '--fit <how>',
        'how a picture of another shape is fitted: all of it, or its middle, which makes objects larger',
      )
        .choices(['pad', 'crop'])
        .default('pad'),
    )
    .option('--invert', 'a picture has dark objects on a bright background (default: where most of it is bright)')
    .option('--no-invert', 'it has bright objects on a dark background')
    .option('--no-even-light', 'leaves shades and gradients of the light on paper as they are')
    .addOption(
      new Option(
        '--threshold <grey>',
        'above which grey from 0 to 1 a pixel of a picture is white, auto or none (default: auto)',
      ).argParser(threshold),
    )
    .option('--format <list>', 'png, gif, npy, hdf5, with commas (default: png,npy; of sequences gif,npy)')
    .option('--out <folder>', 'where the files go; - is standard output', path, 'groups')
    .option('--json', 'prints the files, and how many bright pixels each component has, as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  nem group static-shapes drawing.png photo.jpg --components 4\n  nem group runs/flying-shapes-3 film.gif --json\n  nem group runs/flying-shapes-3 frames/ --sequence --format gif,hdf5\n  cat drawing.png | nem group static-shapes - --out - > groups.png',
    )
    .action(run);
