/** The names of a run's files in its folder; a name with `checkpoints/` is of one in that folder. */

/** What makes a folder that of a run. */
export const CONFIG = 'config.json';
export const LAST = 'checkpoints/last.safetensors';
export const PREVIOUS = 'checkpoints/previous.safetensors';
export const BEST = 'checkpoints/best.safetensors';
/** What training has started from, where it was not drawn by the seed. */
export const START = 'checkpoints/start.safetensors';
export const METRICS = 'metrics.jsonl';
export const TIMING = 'timing.jsonl';
export const LOSSES = 'losses.jsonl';
/** What it was trained with, a line for each machine or engine, in their order. */
export const MACHINES = 'machines.jsonl';
/** There while what follows a time limit is not done; a file of its own, so that a checkpoint is the same with and without. */
export const TIME_LIMIT = 'time-limit.json';
/** The runs of a run in stages. */
export const STAGES = 'stages';
/** Evaluations, with pictures and the report. */
export const REPORT = 'report';
/** How the names of TensorBoard's files begin. */
export const EVENTS = 'events.out.tfevents.';
/** Whether one of TensorBoard's files is ours, by its name: those of other programs name their host after the time. */
export const isOwnEvents = (name: string): boolean => /^\d+\.nem\./.test(name.slice(EVENTS.length));
/** What belongs to one training; `config.json` comes last, so that a folder without it has no run. */
export const RUN_FILES: readonly string[] = [
  ...['checkpoints', STAGES, REPORT],
  ...[METRICS, TIMING, LOSSES, MACHINES, TIME_LIMIT, CONFIG],
];
/** What makes a run worth keeping where another takes its folder; the rest can be had again at once. */
export const KEPT_FILES: readonly string[] = ['checkpoints', STAGES, REPORT, METRICS];
/** Earlier runs of the folder. */
export const REPLACED = 'replaced';

/** Bytes of the largest log. */
export const LARGEST_LOG = 2 ** 28;
/** Bytes of the largest file of weights, and of the largest checkpoint: Node 20 reads, writes and hashes no more at once. */
export const LARGEST_WEIGHTS = 2 ** 31 - 1;
