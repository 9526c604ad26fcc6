import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installAll } from '../src/install.js';
import { runCells, tableOf } from '../src/matrix.js';
import { browserPath, Pages } from '../src/page.js';
import { PROJECTS } from '../src/rows.js';

/** Milliseconds, for a busy machine: alone it takes a tenth of that. */
const TIMEOUT = 1_200_000;

describe.skipIf(!browserPath)('every package, installed alone from a registry (needs chromium)', () => {
  let projects: string;
  let pages: Pages;

  beforeAll(async () => {
    projects = await installAll(PROJECTS);
    pages = await Pages.open(projects);
  }, TIMEOUT);
  afterAll(async () => {
    await pages?.close();
    if (projects) rmSync(dirname(projects), { recursive: true, force: true });
  });

  it('runs in every way in which packages are loaded', { timeout: TIMEOUT }, async () => {
    const cells = await runCells(projects, pages);
    console.log(tableOf(cells));
    const faults = cells.filter(({ fault }) => fault);
    expect(faults.map(({ row, column, fault }) => `${row.program} by ${column}: ${fault}`)).toEqual([]);
  });
});
