import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { option, setting, UsageError } from '../errors.js';
import { commandWords } from './command-words.js';
import { bench } from './commands/bench.js';
import { data } from './commands/data.js';
import { engines } from './commands/engines.js';
import { evaluate } from './commands/evaluate.js';
import { exportCommand } from './commands/export.js';
import { reproduce } from './commands/reproduce.js';
import { train } from './commands/train.js';

const source = fileURLToPath(new URL('..', import.meta.url));

/** Every option of the command. */
function optionsOf(command: Command): string[] {
  return [...command.options.map(({ long }) => long as string), ...command.commands.flatMap(optionsOf)];
}

/** Lines of a file that say an option, but for comments and for options that are arguments of a program, alone in their quotes. */
function linesThatSay(options: RegExp, file: string): string[] {
  const lines = readFileSync(join(source, file), 'utf8').split('\n');
  return lines
    .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line) && options.test(line.replaceAll(/'--[\w-]+'/g, '')))
    .map((line) => `${file}: ${line.trim()}`);
}

describe('messages of the library', () => {
  it('name no option of the command, which has words of its own for it', () => {
    const names = [bench, data, engines, evaluate, exportCommand, reproduce, train].flatMap((make) =>
      optionsOf(make()),
    );
    const options = new RegExp(`(${[...new Set(names)].join('|')})\\b`);
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/^cli\b/.test(file),
    );
    expect(files.length).toBeGreaterThan(90);
    expect(files.flatMap((file) => linesThatSay(options, file))).toEqual([
      // The description of an experiment, which nem list shows.
      expect.stringContaining('experiments/flying-shapes.ts: description:'),
    ]);
  });

  it('say options and settings in the words of the command too', () => {
    const error = new UsageError(
      [option('frames'), ' is 5'],
      ['add ', option('engine', 'wasm'), ', ', setting('steps=4'), '.'],
    );
    expect(error.message).toBe('the option frames is 5: add the engine wasm, steps=4.');
    expect(error.reason).toBe('the option frames is 5');
    expect(error.sentence(commandWords)).toBe('--frames is 5: add --engine wasm, --set steps=4.');
  });
});
