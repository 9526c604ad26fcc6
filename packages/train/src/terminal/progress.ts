import { formatDuration } from '@nem/report';
import { Presets, SingleBar } from 'cli-progress';
import { coloursOf, isLive } from './terminal.js';

/** Seconds between plain lines. */
const PLAIN_INTERVAL = 10;

/** Columns that the text beside the bar may take. */
const TEXT_COLUMNS = 72;

/** Columns of the bar: what the terminal leaves, so that the time left and the loss are seen on 80 columns too. */
const barSize = () => Math.min(Math.max((process.stderr.columns ?? 80) - TEXT_COLUMNS, 5), 40);

/** A bar with rate and time left on a terminal, a plain line now and then elsewhere. */
export class Progress {
  readonly #bar: SingleBar | undefined;
  readonly #label: string;
  readonly #unit: string;
  #started = performance.now();
  #lastLine = performance.now();
  #total = 0;
  #first = 0;

  constructor(label: string, unit: string) {
    this.#label = label;
    this.#unit = unit;
    if (isLive(process.stderr)) {
      const pc = coloursOf(process.stderr);
      const format = `${pc.bold('{label}')} {bar} {value}/{total} · {rate} ${unit}/s · {left} left {detail}`;
      this.#bar = new SingleBar(
        { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, barsize: barSize() },
        Presets.shades_grey,
      );
    }
  }

  /** @param first what is done already, which does not count for the rate. Default 0 */
  start(total: number, first = 0): void {
    this.#total = total;
    this.#first = first;
    this.#started = performance.now();
    this.#bar?.start(total, first, { label: this.#label, rate: '–', left: '–', detail: '' });
  }

  update(value: number, detail = '', limitSeconds = Number.POSITIVE_INFINITY): void {
    const rate = ((value - this.#first) / (performance.now() - this.#started)) * 1000;
    const left = formatDuration(Math.min((this.#total - value) / rate, limitSeconds), { fixed: true });
    this.#bar?.update(value, { label: this.#label, rate: rate.toFixed(2), left, detail });
    if (this.#bar || performance.now() - this.#lastLine < PLAIN_INTERVAL * 1000) return;
    this.#lastLine = performance.now();
    console.error(
      `${this.#label}: ${value}/${this.#total}, ${rate.toFixed(2)} ${this.#unit}/s, ${left} left ${detail}`.trimEnd(),
    );
  }

  stop(): void {
    this.#bar?.stop();
  }
}
