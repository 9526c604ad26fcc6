import type { PeerTiming } from '../benchmark/peer.js';
import type { StepTiming } from '../benchmark/step.js';
import type { Precision } from '../engines/precision.js';
import { textTable } from './text-table.js';

/** A row of the benchmark: our step and, where there is a peer, its step and the ratios of our time to its, as it is and compiled. */
export type BenchRow = StepTiming & Partial<PeerTiming> & { readonly ratio?: number; readonly compiledRatio?: number };

/** What computes in a row. */
interface Computing {
  readonly engine: string;
  readonly workers?: number | undefined;
  readonly precision?: Precision | undefined;
}

/** E.g. `wasm × 2`, `webgpu, float16`. */
export const engineLabel = ({ engine, workers, precision }: Computing): string =>
  `${engine}${workers === undefined ? '' : ` × ${workers}`}${precision === undefined ? '' : `, ${precision}`}`;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

const fixed = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? '-';
/** A GPU's steps are short: a tenth of a millisecond matters. */
const milliseconds = (value: number | undefined) => fixed(value, (value ?? 0) < 100 ? 1 : 0);

/** What the ratio is to. */
function peerLine(rows: readonly BenchRow[]): string {
  const { peer, peerDevice } = rows.find((row) => row.peer !== undefined) ?? {};
  if (peer === undefined) return '';
  const where = peerDevice === undefined ? '' : ` on ${peerDevice}`;
  const compiled = rows.some(({ compiledMs }) => compiledMs !== undefined) ? ' Compiled is with torch.compile.' : '';
  return `\nThe peer is ${peer}${where}; the ratio is our time to its: below 1, ours is faster.${compiled}`;
}

/** Which kernels computed. */
function kernelsLine(rows: readonly BenchRow[]): string {
  const variants = new Set(rows.flatMap(({ kernels }) => kernels ?? []));
  return variants.size === 0 ? '' : `\nThe kernels are ${[...variants].join(', ')}.`;
}

/** The benchmark as a table for a terminal. */
export function benchTable(rows: readonly BenchRow[]): string {
  const against = rows.some(({ peer }) => peer !== undefined);
  const compiled = rows.some(({ compiledMs }) => compiledMs !== undefined);
  const ours = ['experiment', 'engine', 'ms a step', 'samples/s', 'GFLOP/s', 'data', 'noise', 'peak MiB'];
  const theirs = against ? ['peer ms', 'peer MiB', 'ratio', ...(compiled ? ['compiled ms', 'ratio'] : [])] : [];
  const table = textTable(
    [...ours, ...theirs],
    rows.map((row) => {
      const cells = [
        row.experiment,
        engineLabel(row),
        milliseconds(row.stepMs),
        row.samplesPerSecond.toFixed(1),
        row.gflops.toFixed(1),
        percent(row.dataShare),
        percent(row.noiseShare),
        row.peakMemory.toFixed(0),
      ];
      if (against) cells.push(milliseconds(row.peerMs), fixed(row.peerMemory, 0), fixed(row.ratio, 2));
      if (compiled) cells.push(milliseconds(row.compiledMs), fixed(row.compiledRatio, 2));
      return cells;
    }),
  );
  return `${table}${kernelsLine(rows)}${peerLine(rows)}`;
}
