// Makes a model of this package from a run: node tools/add-model.mjs <run> <name> [<what it falls short of>] [<settings that are no recipe's>]
// writes weights/<name>.safetensors in half precision, its card, and src/digests.ts. New names go into src/catalogue.ts too.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { win32 } from 'node:path';
import { encodeSafetensors, modelMetadata } from '@nem/core';
import { loadModel } from '../dist/index.js';
import { score, scoredInputs } from './score.mjs';

const [, , run, name, limits = '', settings = 'the paper’s settings'] = process.argv;
if (!name) throw new Error('give a run and a name: node tools/add-model.mjs <run> <name>');
const here = (file) => new URL(`../weights/${file}`, import.meta.url);
const lines = (file) =>
  readFileSync(`${run}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const { experiment, from, ...rest } = JSON.parse(readFileSync(`${run}/config.json`, 'utf8'));
// Not the folders of the machine that trained it; a part of a run keeps the run's name, as in the configurations of runs.
const PART_OF_RUN = /[^/\\]+(?=[/\\](stages|checkpoints)[/\\])([/\\]stages[/\\]\d+)?([/\\]checkpoints[/\\][^/\\]+)?$/;
const withoutFolders = (source) => PART_OF_RUN.exec(source)?.[0] ?? win32.basename(source);
const how = { ...rest, ...(from && { from: { ...from, source: withoutFolders(from.source) } }) };
const epochs = lines('metrics.jsonl');
// Of a run in stages the last one's, from which its weights are; each has data of its own.
const { stage: lastStage } = epochs.at(-1);
const best = epochs
  .filter(({ stage }) => stage === lastStage)
  .reduce((a, b) => (b.validation.loss < a.validation.loss ? b : a));
const timing = existsSync(`${run}/timing.jsonl`) ? lines('timing.jsonl') : [];
const minutes =
  timing.filter(({ update }) => update <= best.update).reduce((sum, { seconds }) => sum + seconds, 0) / 60;
const trained = { ...how, epoch: best.epoch, updates: best.update, validation: best.validation, experiment };

const { description, parameters } = await loadModel(run, { engine: 'plain' });
const pack = (training) => encodeSafetensors(parameters, modelMetadata(description, training), { dtype: 'F16' });
const half = await loadModel(pack(trained));
const scores = (noisy) => score(half, experiment.dataset, how.seed, noisy);
const test = { inputs: scoredInputs(experiment.dataset), noisy: await scores(true), clean: await scores(false) };
const bytes = pack({ ...trained, test });
writeFileSync(here(`${name}.safetensors`), bytes);

/** A line of src/digests.ts for every file of weights. */
const digests = readdirSync(here('.'))
  .filter((file) => file.endsWith('.safetensors'))
  .sort()
  .map((file) => {
    const digest = createHash('sha256')
      .update(readFileSync(here(file)))
      .digest('hex');
    return `  '${file.slice(0, -'.safetensors'.length)}': '${digest}',\n`;
  });
writeFileSync(
  new URL('../src/digests.ts', import.meta.url),
  `/** SHA-256 of the weights of each network; written by \`tools/add-model.mjs\`. */
export const DIGESTS = {
${digests.join('')}} as const;
`,
);

const { network, noise } = experiment;
/** The experiment's own K is not that of a run with another one. */
const title = experiment.description.replace(/K = \d+(; --set [^.]*)?/, `K = ${description.components}`);
const [paper] = /paper: [^)]*/.exec(experiment.description) ?? ['not among the paper’s'];
const count = Object.values(parameters).reduce((sum, { values }) => sum + values.length, 0);
const three = (value) => value.toFixed(3);
writeFileSync(
  here(`${name}.md`),
  `# ${name}

${title}

|                                                     |                                                                                        |
| --------------------------------------------------- | -------------------------------------------------------------------------------------- |
| network                                             | ${network.type === 'n-em' ? `N-EM, M = ${network.size}` : `RNN-EM, M = ${network.recurrent.size}`}, ${count.toLocaleString('en')} parameters |
| data                                                | ${experiment.dataset.type}, ${experiment.dataset.objects} objects, ${description.image.join('×')}, seed ${how.seed} |
| trained with                                        | K = ${description.components}, ${description.steps} steps, noise ${noise.type} ${noise.probability}, batch ${experiment.batchSize} |
| recipe                                              | ${experiment.recipe ? `\`--recipe ${experiment.recipe}\`` : settings}     |
| engine                                              | ${how.engine}${how.precision ? `, ${how.precision}` : ''}                              |
| length                                              | epoch ${best.epoch}, ${best.update.toLocaleString('en')} updates${minutes ? `, ${Math.round(minutes)} minutes` : ''} |
| validation (${experiment.validationInputs.toLocaleString('en')} inputs)                           | AMI ${three(best.validation.adjustedMutualInfo)} (max), ARI ${three(best.validation.adjustedRand)}, loss ${best.validation.loss.toFixed(1)} |
| test (first ${test.inputs.toLocaleString('en')} inputs, with the noise of training) | **AMI ${three(test.noisy.adjustedMutualInfo)}** (max), ARI ${three(test.noisy.adjustedRand)} |
| the same without noise                              | AMI ${three(test.clean.adjustedMutualInfo)} (max), ARI ${three(test.clean.adjustedRand)} |
| the paper                                           | ${paper.replace(/^paper: /, '')}                                                                               |
| file                                                | half precision, ${(bytes.length / 1e6).toFixed(2)} MB                                   |

One run of one seed. The scores are those of this file, in half precision; \`test/weights.test.ts\` repeats them.
${limits ? `\n${limits}\n` : ''}`,
);
console.log(`${name}: ${bytes.length} bytes, test ${JSON.stringify(test)}`);
