import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { path } from '../options.js';

interface ExportArguments {
  readonly half?: boolean;
  /** Default: the run's name with `.safetensors`. */
  readonly out?: string;
}

async function run(folder: string, { half, out = `${basename(resolve(folder))}.safetensors` }: ExportArguments) {
  const { RunFolder } = await import('../../run/run-folder.js');
  const { exportWeights } = await import('../../run/export-weights.js');
  const bytes = exportWeights(new RunFolder(folder), out, { half });
  console.log(`${out}: ${(bytes / 1e6).toFixed(2)} MB in ${half ? 'half' : 'single'} precision`);
}

/** `nem export`: a run's best weights as a file. */
export const exportCommand = (): Command =>
  new Command('export')
    .description("writes a run's best weights into a safetensors file")
    .argument('<run>', 'run folder')
    .option('--half', 'in half precision: half as large, rounded to the nearest')
    .option('--out <file>', "the file (default: the run's name.safetensors)", path)
    .addHelpText(
      'after',
      '\nExample:\n  nem export runs/static-shapes --half --out weights.safetensors\n  nem train static-shapes --from weights.safetensors --out runs/fine-tuned',
    )
    .action(run);
