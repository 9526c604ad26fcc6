import { SPLITS, type Split } from '@nem/datasets';
import { option, UsageError } from '../errors.js';

/**
 * The split that a name names.
 * @param also words for what else may be given, e.g. ` or, to export, all`
 * @throws UsageError that lists the names
 */
export function parseSplit(name: string, also = ''): Split {
  const known = SPLITS.find((split) => split === name);
  if (!known) throw new UsageError([option('split'), ` is '${name}'`], `use ${SPLITS.join(', ')}${also}.`);
  return known;
}
