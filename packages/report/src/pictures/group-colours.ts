import { componentColour, type Rgb } from '../palette.js';
import type { OverviewSample } from './overview-sample.js';

/**
 * Σ of γ_k over the pixels of each group, over the later half of the steps, when γ has settled: one row a group from 0,
 * one column a component.
 */
function overlaps({ steps, components, gamma, groups, height, width }: OverviewSample, rows: number): number[][] {
  const pixels = height * width;
  const sums = Array.from({ length: rows }, () => new Array<number>(components).fill(0));
  for (let at = Math.floor(steps / 2) * pixels; at < groups.length; at++) {
    const sum = sums[groups[at]!]!;
    const first = Math.floor(at / pixels) * components * pixels + (at % pixels);
    for (let k = 0; k < components; k++) sum[k]! += gamma[first + k * pixels]!;
  }
  return sums;
}

/**
 * A colour for each true group, so that a right grouping shows the same colours in both pictures: pairs of a group and
 * a component are matched one to one, those that share most first. Groups without a component get colours that no
 * component has.
 *
 * @returns colours by group; that of group 0, the background, is unused
 */
export function groupColours(sample: OverviewSample): Rgb[] {
  const groupCount = sample.groups.reduce((most, group) => Math.max(most, group), 0) + 1;
  const pairs = overlaps(sample, groupCount)
    .flatMap((sums, group) => sums.map((shared, component) => ({ shared, group, component })))
    .filter(({ group, shared }) => group > 0 && shared > 0)
    .sort((a, b) => b.shared - a.shared);
  const componentOf = new Map<number, number>();
  const taken = new Set<number>();
  for (const { group, component } of pairs) {
    if (componentOf.has(group) || taken.has(component)) continue;
    componentOf.set(group, component);
    taken.add(component);
  }
  let unmatched = sample.components;
  return Array.from({ length: groupCount }, (_, group) =>
    componentColour(group === 0 ? 0 : (componentOf.get(group) ?? unmatched++)),
  );
}
