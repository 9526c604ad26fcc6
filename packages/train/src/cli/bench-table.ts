import type { PeerTiming } from '../benchmark/peer.js';
import type { StepTiming } from '../benchmark/step.js';
import { textTable } from './text-table.js';

/** A row of the benchmark: our step and, where there is a peer, its step and the ratio of our time to its. */
export type BenchRow = StepTiming & Partial<PeerTiming> & { readonly ratio?: number };

/** E.g. `wasm × 2`. */
export const engineLabel = ({ engine, workers }: { engine: string; workers?: number | undefined }): string =>
  workers === undefined ? engine : `${engine} × ${workers}`;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** What the ratio is to. */
function peerLine(rows: readonly BenchRow[]): string {
  const { peer, peerDevice } = rows.find((row) => row.peer !== undefined) ?? {};
  if (peer === undefined) return '';
  const where = peerDevice === undefined ? '' : ` on ${peerDevice}`;
  return `\nThe peer is ${peer}${where}; the ratio is our time to its: below 1, ours is faster.`;
}

/** The benchmark as a table for a terminal. */
export function benchTable(rows: readonly BenchRow[]): string {
  const against = rows.some(({ peer }) => peer !== undefined);
  const head = ['experiment', 'engine', 'ms a step', 'samples/s', 'GFLOP/s', 'data', 'noise', 'peak MiB'];
  const table = textTable(
    against ? [...head, 'peer ms', 'peer MiB', 'ratio'] : head,
    rows.map((row) => {
      const ours = [
        row.experiment,
        engineLabel(row),
        row.stepMs.toFixed(0),
        row.samplesPerSecond.toFixed(1),
        row.gflops.toFixed(1),
        percent(row.dataShare),
        percent(row.noiseShare),
        row.peakMemory.toFixed(0),
      ];
      if (!against) return ours;
      return [...ours, row.peerMs?.toFixed(0) ?? '-', row.peerMemory?.toFixed(0) ?? '-', row.ratio?.toFixed(2) ?? '-'];
    }),
  );
  return `${table}${peerLine(rows)}`;
}
