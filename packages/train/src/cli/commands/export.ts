import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import type { ExportFile } from '../../export/export-weights.js';
import { path } from '../options.js';

interface ExportArguments {
  readonly half?: boolean;
  /** Default: the run's name with `.safetensors`, where no other format is asked for. */
  readonly out?: string;
  readonly onnx?: string;
}

/** The files to write, with their formats. */
function filesOf(folder: string, { out, onnx }: ExportArguments): readonly ExportFile[] {
  const named = [
    ['safetensors', out],
    ['onnx', onnx],
  ] as const;
  const files = named.flatMap(([format, file]) => (file === undefined ? [] : [[format, file] as const]));
  return files.length > 0 ? files : [['safetensors', `${basename(resolve(folder))}.safetensors`]];
}

async function run(folder: string, options: ExportArguments): Promise<void> {
  const { RunFolder } = await import('../../run/run-folder.js');
  const { exportFiles } = await import('../../export/export-weights.js');
  const { half = false } = options;
  const files = filesOf(folder, options);
  for (const [i, bytes] of exportFiles(new RunFolder(folder), files, half).entries()) {
    console.log(`${files[i]?.[1]}: ${(bytes / 1e6).toFixed(2)} MB in ${half ? 'half' : 'single'} precision`);
  }
}

/** `nem export`: a run's best weights as a file. */
export const exportCommand = (): Command =>
  new Command('export')
    .description("writes a run's best weights into a safetensors file, or the network's step as ONNX")
    .argument('<run>', 'run folder')
    .option('--half', 'in half precision: half as large, rounded to the nearest; only safetensors files can be')
    .option('--out <file>', "the safetensors file (default: the run's name.safetensors, unless --onnx is given)", path)
    .option(
      '--onnx <file>',
      'a step of the network as ONNX, for onnxruntime in Python, C++, C#, Java or on a phone',
      path,
    )
    .addHelpText(
      'after',
      '\nExample:\n  nem export runs/static-shapes --half --out weights.safetensors\n  nem train static-shapes --from weights.safetensors --out runs/fine-tuned\n  nem export runs/static-shapes --onnx step.onnx',
    )
    .action(run);
