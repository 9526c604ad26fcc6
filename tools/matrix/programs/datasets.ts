import { flyingShapes } from '@nem/datasets';

export async function use() {
  const { frames, features, groups } = flyingShapes({ seed: 0 }).sample('test', 3);
  return [frames, features.length, groups.reduce((sum, group) => sum + group, 0)];
}
