import { type Experiment, experiments, withRecipe } from '../experiments/index.js';
import type { RunConfig } from '../run/run-config.js';
import { leaves } from '../system/json.js';

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** The experiment that a run's would be with nothing changed but K; undefined where there is none of its name. */
function unchanged({ name, recipe, components }: Experiment): Experiment | undefined {
  const paper = experiments.find((one) => one.name === name);
  if (!paper) return undefined;
  try {
    return { ...(recipe === undefined ? paper : withRecipe(paper, recipe)), components };
  } catch {
    // A recipe of another version.
    return undefined;
  }
}

/** Fields that say what an experiment is called. */
export const NAMES: ReadonlySet<string> = new Set(['name', 'description', 'recipe']);

/** What of a run's configuration its scores depend on, beside its seed. */
type Trained = Pick<RunConfig, 'experiment' | 'precision' | 'from'>;

/** By what settings a run was trained. */
interface Settings {
  /** E.g. `the paper’s`, `recipe fast` or `the paper’s, but batchSize = 32`. */
  readonly settings: string;
  /** Whether they are neither the paper's nor a recipe's; the precision of products is told apart from them. */
  readonly isChanged: boolean;
}

/** By what settings a run is trained; another K is no change of them. */
export function settingsOf({ experiment, precision, from }: Trained): Settings {
  const { settings, isChanged } = settingsOfExperiment(experiment);
  const start = from ? `, from the weights of ${from.source}` : '';
  const products = precision === undefined ? '' : `, products in ${precision}`;
  return { settings: `${settings}${start}${products}`, isChanged: isChanged || from !== undefined };
}

function settingsOfExperiment(experiment: Experiment): Settings {
  const { name, recipe } = experiment;
  const called = recipe === undefined ? 'the paper’s' : `recipe ${recipe}`;
  const difference = differenceOf(experiment);
  if (!difference) return { settings: `of the unknown experiment ${name}`, isChanged: true };
  const changes = [
    ...difference.changed.map(([field, value]) => `${field} = ${text(value)}`),
    ...difference.without.map((field) => `without ${field}`),
  ];
  const isChanged = changes.length > 0;
  return { settings: isChanged ? `${called}, but ${changes.join(', ')}` : called, isChanged };
}

/** How an experiment differs from the one of its name and recipe, its K aside. */
interface Difference {
  /** That one. */
  readonly base: Experiment;
  /** Fields with other values, by their paths, e.g. `dataset.training`. */
  readonly changed: readonly (readonly [field: string, value: unknown])[];
  /** Fields that it lacks. */
  readonly without: readonly string[];
}

/** Undefined where there is no experiment of its name. */
export function differenceOf(experiment: Experiment): Difference | undefined {
  const base = unchanged(experiment);
  if (!base) return undefined;
  const known = new Map(leaves(base).map(([field, value]) => [field, JSON.stringify(value)]));
  const found = new Map(leaves(experiment).filter(([, value]) => value !== undefined));
  const changed = [...found].filter(
    ([field, value]) => !NAMES.has(field) && known.get(field) !== JSON.stringify(value),
  );
  // A number in whose place a schedule stands is not missing.
  const isThere = (field: string) =>
    [...found.keys()].some((other) => other === field || other.startsWith(`${field}.`));
  const without = [...known].flatMap(([field, value]) => (value !== undefined && !isThere(field) ? [field] : []));
  return { base, changed, without };
}
