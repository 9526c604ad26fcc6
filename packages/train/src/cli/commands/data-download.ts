import { Command } from 'commander';
import { UsageError } from '../../errors.js';
import { interruptible } from '../interruption.js';
import { path } from '../options.js';

interface DownloadArguments {
  /** Default: the cache. */
  readonly out?: string;
  readonly mirror?: readonly string[];
  readonly json?: boolean;
}

function mirrorAddress(text: string): string {
  if (!URL.canParse(text)) throw new UsageError(`--mirror is '${text}'`, 'give an address, e.g. https://host/mnist/.');
  return `${text.replace(/\/$/, '')}/`;
}

async function run({ out: wanted, mirror, json }: DownloadArguments): Promise<void> {
  const { defaultCache, downloadMnist, MNIST_BYTES } = await import('@nem/datasets/mnist');
  const { Progress } = await import('../../terminal/progress.js');
  const out = wanted ?? defaultCache();
  if (out === undefined) {
    throw new UsageError(
      'there is no home folder with a cache',
      'give --out, or name a cache in the environment variable NEM_CACHE.',
    );
  }
  const mirrors = mirror?.map(mirrorAddress);
  const progress = new Progress('download', 'bytes');
  const received = new Map<string, number>();
  progress.start(MNIST_BYTES);
  try {
    const remedy = 'what has arrived is kept, give the same command again.';
    await interruptible('the download ends', remedy, ({ abort }) =>
      downloadMnist({
        folder: out,
        ...(mirrors ? { mirrors } : {}),
        abort,
        progress(file, bytes) {
          received.set(file, bytes);
          progress.update(
            [...received.values()].reduce((sum, each) => sum + each, 0),
            file,
          );
        },
      }),
    );
  } finally {
    progress.stop();
  }
  if (json) console.log(JSON.stringify({ folder: out }));
  else console.log(`MNIST is in ${out}; with another --out, name the folder in the environment variable NEM_MNIST.`);
}

/** `nem data download`: fetches MNIST into the cache, where every experiment finds it. */
export const dataDownload = (): Command =>
  new Command('download')
    .description('downloads MNIST (12 MB, SHA-256 checked, resumable) into the cache that every experiment looks into')
    .option('--out <folder>', 'another folder than the cache', path)
    .option('--mirror <address...>', 'where to get it from (default: two public mirrors)')
    .option('--json', 'prints the folder as JSON')
    .addHelpText('after', '\nExample:\n  nem data download')
    .action(run);
