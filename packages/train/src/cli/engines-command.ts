import { wrapText } from '@nem/report';
import pc from 'picocolors';
import type { EngineProbe } from '../engines/definition.js';
import { ENGINES, type EngineName, engineDefinition, enginesThat } from '../engines/table.js';
import { remedyText, UsageError } from '../errors.js';
import { commandWords } from './command-words.js';
import { interruptible } from './interruption.js';

/** Columns of the name and the verdict. */
const NAME = 8;
const VERDICT = 5;
const INDENT = ' '.repeat(NAME + VERDICT);

interface NamedProbe extends Omit<EngineProbe, 'remedy'> {
  readonly name: EngineName;
  readonly remedy?: string;
}

async function probe(name: EngineName): Promise<NamedProbe> {
  const { remedy, ...found } = await engineDefinition(name).probe();
  return { name, ...found, ...(remedy && { remedy: remedyText(remedy, commandWords) }) };
}

/** An engine's lines in the table of `nem engines`; commands are not broken, so that they can be copied. */
export function engineLines(probe: NamedProbe, width: number): string {
  const { name, usable, device, reason, remedy, software } = probe;
  const verdict = usable ? pc.green('yes'.padEnd(VERDICT)) : pc.red('no'.padEnd(VERDICT));
  const note = software ? ' (emulated on the CPU: slow, never taken by auto)' : '';
  const text = wrapText(usable ? `${device}${note}` : `${reason}`, width - INDENT.length).join(`\n${INDENT}`);
  const mend = usable ? '' : `\n${INDENT}${pc.dim('mend:')} ${remedy}`;
  return `${pc.bold(name.padEnd(NAME))}${verdict}${text}${mend}`;
}

/** `nem engines`: which engines run here, on what; why not, and the command that mends it. */
export async function enginesCommand({ json }: { json?: boolean }): Promise<void> {
  const results: NamedProbe[] = [];
  for (const name of ENGINES) results.push(await probe(name));
  const taken = ENGINES.find((name) => results.some((probe) => probe.name === name && probe.usable && !probe.software));
  if (json) {
    for (const probe of results) console.log(JSON.stringify({ ...probe, auto: probe.name === taken }));
    return;
  }
  const width = process.stdout.columns ?? 80;
  console.log(results.map((probe) => engineLines(probe, width)).join('\n'));
  console.log(`\n--engine auto takes ${taken}.`);
}

/** `nem engines setup`: gives an engine what it needs to run here. */
export async function engineSetupCommand(name: string, { tensorflow }: { tensorflow?: string }): Promise<void> {
  const engine = ENGINES.find((known) => known === name);
  const setup = engine && engineDefinition(engine).setup;
  if (!setup) {
    const some = enginesThat((definition) => definition.setup !== undefined);
    throw new UsageError(`the engine '${name}' needs no setup here`, `use ${some}.`);
  }
  const progress = (line: string) => console.error(line);
  const remedy = 'the engine is as it was, give the same command again.';
  const result = await interruptible('the setup ends', remedy, ({ abort }) => setup({ tensorflow, progress, abort }));
  console.log(`${engine} runs on TensorFlow ${result.tensorflow}; its binding is ${result.binding}`);
}
