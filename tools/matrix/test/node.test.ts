import { expect, inject, it } from 'vitest';
import { loadInNode, runCells } from '../src/matrix.js';
import { NODE_COLUMNS } from '../src/rows.js';
import { expectRuns } from './cells.fixture.js';

it('every package, installed alone from a registry, runs in Node, as it is and compiled by TypeScript', async () => {
  const cells = await runCells(NODE_COLUMNS, loadInNode(inject('projects')));
  expect(cells.length).toBeGreaterThan(80);
  expectRuns(NODE_COLUMNS, cells);
});
