import { wrapText } from '@nem/report';
import pc from 'picocolors';
import { ENGINES } from '../engine/engine-names.js';
import type { LibTensorFlowEngine } from '../engine/native/package.js';
import { setupEngine } from '../engine/native/setup.js';
import { type EngineProbe, probes } from '../engine/probe/index.js';
import { UsageError } from '../errors.js';
import { interruptible } from './interruption.js';

/** Columns of the name and the verdict. */
const NAME = 8;
const VERDICT = 5;
const INDENT = ' '.repeat(NAME + VERDICT);

/** An engine's lines in the table of `nem engines`; commands are not broken, so that they can be copied. */
export function engineLines(probe: EngineProbe, width: number): string {
  const { name, usable, device, reason, remedy, software } = probe;
  const verdict = usable ? pc.green('yes'.padEnd(VERDICT)) : pc.red('no'.padEnd(VERDICT));
  const note = software ? ' (emulated on the CPU: slow, never taken by auto)' : '';
  const text = wrapText(usable ? `${device}${note}` : `${reason}`, width - INDENT.length).join(`\n${INDENT}`);
  const mend = usable ? '' : `\n${INDENT}${pc.dim('mend:')} ${remedy}`;
  return `${pc.bold(name.padEnd(NAME))}${verdict}${text}${mend}`;
}

/** `nem engines`: which engines run here, on what; why not, and the command that mends it. */
export async function enginesCommand({ json }: { json?: boolean }): Promise<void> {
  const results: EngineProbe[] = [];
  for (const probe of Object.values(probes)) results.push(await probe());
  const taken = ENGINES.find((name) => results.some((probe) => probe.name === name && probe.usable && !probe.software));
  if (json) {
    for (const probe of results) console.log(JSON.stringify({ ...probe, auto: probe.name === taken }));
    return;
  }
  const width = process.stdout.columns ?? 80;
  console.log(results.map((probe) => engineLines(probe, width)).join('\n'));
  console.log(`\n--engine auto takes ${taken}.`);
}

function libTensorFlowEngine(name: string): LibTensorFlowEngine {
  if (name === 'cuda' || name === 'native') return name;
  throw new UsageError(`the engine '${name}' needs no setup here: use cuda or native.`);
}

/** `nem engines setup`: gives `cuda` or `native` its binding to libtensorflow. */
export async function engineSetupCommand(name: string, { tensorflow }: { tensorflow?: string }): Promise<void> {
  const engine = libTensorFlowEngine(name);
  const progress = (line: string) => console.error(line);
  const remedy = 'the engine is as it was, give the same command again.';
  const result = await interruptible('the setup ends', remedy, ({ abort }) =>
    setupEngine(engine, { tensorflow, progress, abort }),
  );
  console.log(`${engine} runs on TensorFlow ${result.tensorflow}; its binding is ${result.binding}`);
}
