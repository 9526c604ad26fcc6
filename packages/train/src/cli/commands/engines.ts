import { Command } from 'commander';
import { ENGINES, isTakenByAuto } from '../../engines/table.js';
import type { NamedProbe } from '../engine-lines.js';
import { enginesSetup } from './engines-setup.js';

async function run({ json }: { readonly json?: boolean }): Promise<void> {
  const { engineLines, probeEngine } = await import('../engine-lines.js');
  const { requireKnownVariant } = await import('../../engines/kernels/load.js');
  // Every engine that has kernels would be passed over.
  await requireKnownVariant();
  const results: NamedProbe[] = [];
  for (const name of ENGINES) results.push(await probeEngine(name));
  const taken = results.find((probe) => isTakenByAuto(probe.name, probe))?.name;
  if (json) {
    for (const probe of results) console.log(JSON.stringify({ ...probe, auto: probe.name === taken }));
    return;
  }
  const width = process.stdout.columns ?? 80;
  console.log(results.map((probe) => engineLines(probe, width)).join('\n'));
  console.log(`\n--engine auto takes ${taken ?? 'none of them'}.`);
}

/** `nem engines`: which engines run here, on what; why not, and the command that mends it. */
export const engines = (): Command =>
  new Command('engines')
    .description('lists what can compute here: the device, or why not and the command that mends it')
    .option('--json', 'prints a JSON line per engine')
    .addHelpText('after', '\nExample:\n  nem engines')
    .action(run)
    .addCommand(enginesSetup());
