import { Command } from 'commander';
import { ENGINES, engineDefinition, enginesThat } from '../../engines/table.js';
import { UsageError } from '../../errors.js';
import { interruptible } from '../interruption.js';

async function run(name: string, { tensorflow }: { readonly tensorflow?: string }): Promise<void> {
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

/** `nem engines setup`: gives an engine what it needs to run here. */
export const enginesSetup = (): Command =>
  new Command('setup')
    .description('gives an engine its binding to libtensorflow')
    .argument('<engine>', 'cuda or tensorflow')
    .option('--tensorflow <python or folder>', 'a Python, or a folder, with a pip-installed TensorFlow')
    .addHelpText(
      'after',
      '\nExample:\n  pip install tensorflow-cpu && nem engines setup tensorflow --tensorflow python3',
    )
    .action(run);
