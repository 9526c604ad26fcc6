import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { browserPath } from '../../chromium.mjs';
import { loadInPages, runCells } from '../src/matrix.js';
import { Pages } from '../src/page.js';
import { PAGE_COLUMNS } from '../src/rows.js';
import { expectRuns } from './cells.fixture.js';

describe.skipIf(!browserPath)('every package, installed alone from a registry (needs chromium)', () => {
  const projects = inject('projects');
  let pages: Pages;
  beforeAll(async () => {
    pages = await Pages.open(projects);
  });
  afterAll(() => pages?.close());

  it('runs in pages, by every bundler and by an import map', async () => {
    const cells = await runCells(PAGE_COLUMNS, loadInPages(projects, pages));
    expect(cells.length).toBeGreaterThan(80);
    expectRuns(PAGE_COLUMNS, cells);
  });
});
