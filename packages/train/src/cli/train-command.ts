import { join } from 'node:path';
import { chooseEngine, createEngine } from '../engine/engines.js';
import { createDataset, type Experiment, engineSpec, findExperiment, withSettings } from '../experiments/index.js';
import { RunFolder } from '../trainer/run-folder.js';
import { train } from '../trainer/train.js';
import { evaluateRun } from './evaluate-command.js';
import { formatSeconds, Progress } from './progress.js';

export interface TrainArguments {
  readonly engine: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly maxMinutes?: number;
  readonly out?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
}

function configured(name: string, { set, epochs }: TrainArguments): Experiment {
  return withSettings(findExperiment(name), epochs === undefined ? set : [...set, `epochs=${epochs}`]);
}

const fixed = (value: number) => value.toFixed(3);

/** `nem train`: trains, keeps the best weights, evaluates them and draws the pictures. */
export async function trainCommand(name: string, options: TrainArguments): Promise<void> {
  const experiment = configured(name, options);
  const { seed, maxMinutes } = options;
  const engineName = chooseEngine(options.engine);
  const folder = new RunFolder(options.out ?? join('runs', name));
  const engine = await createEngine(engineName, engineSpec(experiment), seed);
  folder.create({ experiment, engine: engineName, seed });
  console.error(`${name} on the engine ${engineName}, seed ${seed}, into ${folder.path}`);
  const began = performance.now();
  let progress: Progress | undefined;
  const ending = await train({
    experiment,
    engine,
    dataset: createDataset(experiment, seed),
    seed,
    maxMinutes,
    events: {
      step({ epoch, step, steps, loss }) {
        if (!progress) {
          progress = new Progress(`epoch ${epoch}`, 'steps');
          progress.start(steps);
        }
        const limit = maxMinutes === undefined ? undefined : maxMinutes * 60 - (performance.now() - began) / 1000;
        progress.update(step, `· loss ${loss.toFixed(1)}`, limit);
      },
      async epoch(record, best) {
        progress?.stop();
        progress = undefined;
        folder.appendEpoch(record);
        const parameters = await engine.parameters();
        folder.writeWeights('last', parameters);
        if (best) folder.writeWeights('best', parameters);
        const { training, validation } = record;
        console.error(
          `epoch ${record.epoch}, ${record.update} updates, ${formatSeconds(record.seconds)}: training loss ${training.loss.toFixed(1)}, ` +
            `validation loss ${validation.loss.toFixed(1)}, ARI ${fixed(validation.adjustedRand)}, ` +
            `AMI (max) ${fixed(validation.adjustedMutualInfo)}, confidence ${fixed(validation.confidence)}${best ? ' (best)' : ''}`,
        );
      },
    },
  });
  engine.dispose();
  console.error(`training ended by ${ending}.`);
  await evaluateRun(folder, { json: options.json });
}
