import { type KernelRow, profileStep, rate } from '../benchmark/profile.js';
import { chooseEngine } from '../engine/engine-names.js';
import { engineWorkers } from '../engine/engines.js';
import { UsageError } from '../errors.js';
import { engineSpec, findExperiment, withSettings } from '../experiments/index.js';
import type { BenchArguments } from './bench-command.js';
import { interruptible } from './interruption.js';
import { textTable } from './text-table.js';

/** `nem bench --profile`: device time by kernel of a training step of each experiment. */
export async function profileCommand(names: readonly string[], options: BenchArguments): Promise<void> {
  const { engine: asked, steps, set, against, workers, json } = options;
  const name = await chooseEngine(asked);
  if (name !== 'webgpu') {
    throw new UsageError(`--profile needs the engine webgpu, not '${name}': add --engine webgpu.`);
  }
  if (against !== undefined) throw new UsageError('--profile has no peer to compare with: leave out --against.');
  engineWorkers(name, workers);
  const experiments = names.map((experiment) => withSettings(findExperiment(experiment), set));
  const { createWebgpuEngine } = await import('../engine/webgpu.js');
  const { deriveKey } = await import('@nem/random');
  await interruptible('the current step ends', 'give the same command again.', async (interruption) => {
    for (const [i, experiment] of experiments.entries()) {
      const engine = await createWebgpuEngine(engineSpec(experiment), deriveKey(0, 'parameters'));
      try {
        const rows = await profileStep(experiment, engine, steps, () => interruption.check());
        if (json) for (const row of rows) console.log(JSON.stringify(row));
        else console.log(`${i > 0 ? '\n' : ''}${describe(rows, experiment.batchSize, experiment.components)}`);
      } finally {
        engine.dispose();
      }
    }
  });
}

function describe(rows: readonly KernelRow[], batch: number, components: number): string {
  const [first] = rows;
  const sum = (pick: (row: KernelRow) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const milliseconds = sum((row) => row.milliseconds);
  const total = {
    kernel: 'all',
    launches: sum((row) => row.launches),
    milliseconds,
    share: 1,
    gflops: rate(
      sum((row) => row.operations),
      milliseconds,
    ),
    gigabytesPerSecond: rate(
      sum((row) => row.bytes),
      milliseconds,
    ),
  };
  const table = textTable(
    ['kernel', 'launches', 'ms', 'share', 'GFLOP/s', 'GB/s'],
    [...rows, total].map((row) => [
      row.kernel,
      String(row.launches),
      row.milliseconds.toFixed(3),
      `${(row.share * 100).toFixed(1)} %`,
      row.gflops > 0 ? row.gflops.toFixed(1) : '-',
      row.gigabytesPerSecond.toFixed(1),
    ]),
  );
  return `${first?.experiment}, ${batch} × ${components}, on ${first?.device}: one training step by kernel\n${table}`;
}
