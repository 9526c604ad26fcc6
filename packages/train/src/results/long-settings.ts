import type { DocumentSection } from '@nem/report';
import type { RecordedRun } from './recorded-runs.js';

/** Longer settings, in characters, would stretch a table's column: a number stands there for them. */
const LONGEST = 60;

/**
 * Runs whose long settings are replaced by a number, e.g. `changed settings 1`, and the section that says what the numbers mean;
 * no section where no settings are that long.
 */
export function numberLongSettings(runs: readonly RecordedRun[]): {
  runs: readonly RecordedRun[];
  section: DocumentSection | undefined;
} {
  const long = [...new Set(runs.map(({ settings }) => settings).filter(({ length }) => length > LONGEST))];
  if (long.length === 0) return { runs, section: undefined };
  const nameOf = new Map(long.map((settings, i) => [settings, `changed settings ${i + 1}`]));
  return {
    runs: runs.map((run) => ({ ...run, settings: nameOf.get(run.settings) ?? run.settings })),
    section: {
      id: 'settings',
      title: 'Changed settings',
      blocks: [
        {
          type: 'table',
          caption: 'What the tables call changed settings',
          head: ['name', 'settings'],
          rows: [...nameOf].map(([settings, name]) => [name, settings]),
          numeric: [],
        },
      ],
    },
  };
}
