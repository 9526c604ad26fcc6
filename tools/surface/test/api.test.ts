import { expect, it } from 'vitest';
import { ENTRIES, holdsReport } from '../api.mjs';

it.each(ENTRIES)('the public names of $name ($entry) are those of its report: npm run api writes it', (entry) => {
  expect(holdsReport(entry)).toBe(true);
});
