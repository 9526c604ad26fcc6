import { wrapText } from '@nem/report';
import type { EngineProbe } from '../engines/definition.js';
import { ENGINES, type EngineName, engineDefinition } from '../engines/table.js';
import { remedyText } from '../errors.js';
import { coloursOf } from '../terminal/terminal.js';
import { commandWords } from './command-words.js';

/** Columns of the name and the verdict. */
const NAME = Math.max(...ENGINES.map((name) => name.length)) + 2;
const VERDICT = 5;
const INDENT = ' '.repeat(NAME + VERDICT);

/** What `nem engines` says of an engine. */
export interface NamedProbe extends Omit<EngineProbe, 'remedy'> {
  readonly name: EngineName;
  readonly remedy?: string;
}

/** Probes an engine; its remedy in the words of the command. */
export async function probeEngine(name: EngineName): Promise<NamedProbe> {
  const { remedy, ...found } = await engineDefinition(name).probe();
  return { name, ...found, ...(remedy && { remedy: remedyText(remedy, commandWords) }) };
}

/** An engine's lines in the table of `nem engines`; commands are not broken, so that they can be copied. */
export function engineLines(probe: NamedProbe, width: number): string {
  const { name, usable, device, reason, remedy, software } = probe;
  const pc = coloursOf(process.stdout);
  const verdict = usable ? pc.green('yes'.padEnd(VERDICT)) : pc.red('no'.padEnd(VERDICT));
  const named = engineDefinition(name).isOnlyNamed ? ' (only where it is named)' : '';
  const note = software ? ' (emulated on the CPU: slow, never taken by auto)' : named;
  const text = wrapText(usable ? `${device}${note}` : `${reason}`, width - INDENT.length).join(`\n${INDENT}`);
  const mend = usable ? '' : `\n${INDENT}${pc.dim('mend:')} ${remedy}`;
  return `${pc.bold(name.padEnd(NAME))}${verdict}${text}${mend}`;
}
