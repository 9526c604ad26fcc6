import { Command } from 'commander';
import { experiments, RECIPES, recipesOf } from '../../experiments/index.js';

function run({ json }: { readonly json?: boolean }): void {
  if (json) console.log(JSON.stringify(experiments));
  else {
    const width = Math.max(...experiments.map(({ name }) => name.length));
    for (const { name, description } of experiments) {
      const recipes = recipesOf(name).map((recipe) => ` [--recipe ${recipe.name}]`);
      console.log(`${name.padEnd(width)}  ${description}${recipes.join('')}`);
    }
    for (const { name, description } of RECIPES) console.log(`${name.padEnd(width)}  Recipe: ${description}`);
  }
}

/** `nem list`: the experiments. */
export const list = (): Command =>
  new Command('list')
    .description('lists the experiments')
    .option('--json', 'prints every field as JSON')
    .addHelpText('after', '\nExample:\n  nem list --json')
    .action(run);
