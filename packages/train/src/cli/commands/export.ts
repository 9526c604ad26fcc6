import { Command, Option } from 'commander';
import { FORMAT_NAMES, FORMATS, type FormatName } from '../../export/formats.js';
import { path } from '../options.js';

type ExportArguments = Partial<Record<FormatName, string>> & { readonly json?: boolean };

async function run(folder: string, { json, ...files }: ExportArguments): Promise<void> {
  const { exportRun } = await import('../../export/export-run.js');
  const { RunFolder } = await import('../../run/run-folder.js');
  const written = exportRun(new RunFolder(folder), files);
  if (json) console.log(JSON.stringify({ run: folder, files: written }));
  else for (const { file, format, bytes } of written) console.log(`${file}: ${FORMATS[format].what}, ${bytes} bytes`);
}

/** `nem export`: a run's best weights in other forms. */
export const exportCommand = (): Command => {
  const command = new Command('export')
    .description("writes a run's best weights in another form, for other programs")
    .argument('<run>', 'run folder');
  for (const name of FORMAT_NAMES) {
    command.addOption(new Option(`--${name} <file>`, `${FORMATS[name].what}, into a file`).argParser(path));
  }
  return command
    .option('--json', 'prints the files as JSON')
    .addHelpText('after', '\nExample:\n  nem export runs/static-shapes --onnx static-shapes.onnx')
    .action(run);
};
