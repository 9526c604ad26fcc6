import { Command } from 'commander';
import { dataDownload } from './data-download.js';
import { dataExport } from './data-export.js';
import { dataPreview } from './data-preview.js';

/** `nem data`: the commands on datasets. */
export const data = (): Command =>
  new Command('data')
    .description('exports, draws and downloads datasets')
    .addHelpText('after', '\nExample:\n  nem data preview flying-shapes-3')
    .addCommand(dataExport())
    .addCommand(dataPreview())
    .addCommand(dataDownload());
