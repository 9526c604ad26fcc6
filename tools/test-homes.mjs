// Once for each package's tests: the folder in which every test file has its home, removed when all have ended.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Vitest's hook before all tests; what it returns is called after them. */
export function setup() {
  const homes = mkdtempSync(join(tmpdir(), 'nem-test-homes-'));
  process.env.TEST_HOMES = homes;
  return () => rmSync(homes, { recursive: true, force: true, maxRetries: 3 });
}
