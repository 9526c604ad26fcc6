import { engineSpec, findExperiment, SCORES } from '@nem/train';

export async function use() {
  const experiment = findExperiment('static-shapes');
  return [experiment.name, engineSpec(experiment).components, Object.keys(SCORES).length > 3];
}
