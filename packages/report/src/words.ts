import { type Names, requireOptions } from './require-options.js';

/** What stands for a number that is none. */
const NO_NUMBER = '–';

export interface DurationOptions {
  /**
   * Whether the lesser number always has two digits and seconds are whole, e.g. `2 h 05 min`, for a line that is written again and
   * again. Default false.
   */
  readonly fixed?: boolean;
}

const NAMES: Names<DurationOptions> = { fixed: true };

/**
 * Seconds as hours and minutes, minutes and seconds, or seconds, e.g. `2 h 5 min` or `0.42 s`; `–` for a number that is not finite.
 * @throws ReportError for an unknown option
 */
export function formatDuration(seconds: number, options: DurationOptions = {}): string {
  requireOptions(options, 'formatDuration', NAMES);
  const { fixed = false } = options;
  if (!Number.isFinite(seconds)) return NO_NUMBER;
  const whole = Math.max(Math.round(seconds), 0);
  const minutes = Math.floor(whole / 60);
  const lesser = (value: number) => (fixed ? String(value).padStart(2, '0') : String(value));
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${lesser(minutes % 60)} min`;
  if (minutes > 0) return `${minutes} min ${lesser(whole % 60)} s`;
  return `${fixed ? whole : Number(seconds.toPrecision(2))} s`;
}

/** Breaks a text at its spaces into lines of at most so many characters; a longer word has a line of its own. */
export function wrapText(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= characters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
