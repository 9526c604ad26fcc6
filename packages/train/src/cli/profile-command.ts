import { type KernelRow, profileStep, rate, type StepProfile, type StepRow } from '../benchmark/profile.js';
import { enginePrecision, engineWorkers } from '../engines/create-engine.js';
import type { DeviceCeilings } from '../engines/profiler.js';
import { chooseEngine, engineDefinition, enginesThat } from '../engines/table.js';
import { UsageError } from '../errors.js';
import { type Experiment, engineSpec, withSettings } from '../experiments/index.js';
import { openExperiment } from '../experiments/open-experiment.js';
import { interruptible } from './interruption.js';
import type { BenchArguments } from './measure-step.js';
import { textTable } from './text-table.js';

/** `nem bench --profile`: what the device can do at most, and device time by kernel of a training step of each experiment. */
export async function profileCommand(names: readonly string[], options: BenchArguments): Promise<void> {
  const { engine: asked, steps, set, against, torchCompile, workers, precision, json } = options;
  const name = await chooseEngine(asked);
  const profiler = await engineDefinition(name).profiler?.();
  if (!profiler) {
    const some = enginesThat((definition) => definition.profiler !== undefined);
    throw new UsageError(`--profile needs the engine ${some}, not '${name}'`, `add --engine ${some}.`);
  }
  if (against !== undefined || torchCompile) {
    throw new UsageError('--profile has no peer to compare with', 'leave out --against and --torch-compile.');
  }
  engineWorkers(name, workers);
  await enginePrecision(name, precision);
  const experiments: Experiment[] = [];
  for (const one of names) experiments.push(withSettings((await openExperiment(one)).experiment, set));
  const { deriveKey } = await import('@nem/random');
  await interruptible('the current step ends', 'give the same command again.', async (interruption) => {
    const ceilings = await profiler.ceilings(precision);
    const { device, copyText, productText, ...measured } = ceilings;
    console.log(json ? JSON.stringify({ record: 'ceilings', device, ...measured }) : ceilingsText(ceilings));
    await interruption.check();
    for (const experiment of experiments) {
      const engine = await profiler.create(engineSpec(experiment), deriveKey(0, 'parameters'), precision);
      try {
        const profile = await profileStep(experiment, engine, ceilings, steps, () => interruption.check());
        console.log(json ? lines(experiment, device, profile) : `\n${profileText(experiment, profile)}`);
      } finally {
        engine.dispose();
      }
    }
  });
}

/** A line of JSON a kernel, then one of the whole step. */
function lines({ name: experiment }: Experiment, device: string, { kernels, step }: StepProfile): string {
  const rows = [...kernels.map((row) => ({ record: 'kernel', ...row })), { record: 'step', ...step }];
  return rows.map(({ record, ...row }) => JSON.stringify({ record, experiment, device, ...row })).join('\n');
}

const giga = (perSecond: number) => (perSecond / 1e9).toFixed(1);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

const ceilingsText = ({ device, copy, product, copyText, productText }: DeviceCeilings) => `${device} at most
copy     ${giga(copy.bytesPerSecond)} GB/s ${copyText}
product  ${giga(product.operationsPerSecond)} GFLOP/s, ${productText}`;

/** The kernels and the whole step as a table, and what it says of launches. */
function profileText({ name, batchSize, components }: Experiment, { kernels, step }: StepProfile): string {
  const table = textTable(
    ['kernel', 'size', 'launches', 'ms', 'share', 'GFLOP/s', 'GB/s', 'ceiling', 'reached'],
    [...kernels.map(kernelCells), totalCells(kernels, step)],
    2,
  );
  const gap = step.stepMs - step.kernelMs;
  return `${name}, ${batchSize} × ${components}: one training step by kernel
${table}
Reached: the least time that the ceiling allows, of the time taken; above 100 % its ceiling was measured too low for it, e.g. what it reads was in a cache.
A whole step takes ${step.stepMs.toFixed(2)} ms of wall time, ${Math.abs(gap).toFixed(2)} ms ${gap < 0 ? 'less' : 'more'} than its ${step.launches === 1 ? 'one launch' : `${step.launches} launches`} timed one by one; under way beside others, as in training, ${step.inFlightMs.toFixed(2)} ms.`;
}

const kernelCells = (row: KernelRow): string[] => [
  row.kernel,
  row.detail,
  String(row.launches),
  row.milliseconds.toFixed(3),
  percent(row.share),
  row.gflops > 0 ? row.gflops.toFixed(1) : '-',
  row.gigabytesPerSecond.toFixed(1),
  row.ceiling,
  percent(row.reached),
];

function totalCells(kernels: readonly KernelRow[], { launches, kernelMs, reached }: StepRow): string[] {
  const perSecond = (pick: (row: KernelRow) => number) =>
    rate(
      kernels.reduce((total, row) => total + pick(row), 0),
      kernelMs,
    ).toFixed(1);
  const rates = [perSecond((row) => row.operations), perSecond((row) => row.bytes)];
  return ['all', '', String(launches), kernelMs.toFixed(3), percent(1), ...rates, '', percent(reached)];
}
