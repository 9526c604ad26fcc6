// Runs every cell, and shows them as a table.
import { isDeepStrictEqual } from 'node:util';
import { type Bundler, bundled } from './bundlers.js';
import type { Pages } from './page.js';
import { inPool } from './pool.js';
import { fileOf, runInNode, writeProgram } from './programs.js';
import { COLUMNS, type Column, expectedOf, placeOf, ROWS, type Row, reasonWithout } from './rows.js';
import { typed } from './types.js';

export interface Cell {
  readonly row: Row;
  readonly column: Column;
  /** Why there is no such cell. */
  readonly reason?: string;
  /** What went wrong. */
  readonly fault?: string;
  readonly seconds: number;
}

async function runBundle(projects: string, pages: Pages, row: Row, bundler: Bundler): Promise<unknown> {
  const bundle = await bundled(projects, row, bundler);
  return placeOf(row, bundler) === 'node' ? runInNode(projects, row, bundle) : pages.run(bundle);
}

function give(projects: string, pages: Pages, row: Row, column: Column): Promise<unknown> {
  switch (column) {
    case 'import':
      return runInNode(projects, row, fileOf(projects, row, 'mjs'));
    case 'require':
      return runInNode(projects, row, fileOf(projects, row, 'cjs'));
    case 'node16':
    case 'nodenext':
    case 'bundler':
      return typed(projects, row, column);
    case 'esbuild':
    case 'vite':
    case 'webpack':
    case 'rollup':
      return runBundle(projects, pages, row, column);
    case 'page':
      return pages.runByImportMap(projects, row);
    default:
      return column satisfies never;
  }
}

async function runCell(projects: string, pages: Pages, row: Row, column: Column): Promise<Cell> {
  const reason = reasonWithout(row, column);
  if (reason) return { row, column, reason, seconds: 0 };
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const given = await give(projects, pages, row, column);
    if (isDeepStrictEqual(given, expectedOf(row, column))) return { row, column, seconds: seconds() };
    return { row, column, fault: `it gives ${JSON.stringify(given)}`, seconds: seconds() };
  } catch (error) {
    return { row, column, fault: error instanceof Error ? error.message : String(error), seconds: seconds() };
  }
}

/** Runs every cell, two at a time; `told` hears of each when it has run. */
export function runCells(
  projects: string,
  pages: Pages,
  told: (cell: Cell) => void = () => {},
  rows: readonly Row[] = ROWS,
): Promise<Cell[]> {
  for (const row of rows) writeProgram(projects, row);
  const cells = rows.flatMap((row) =>
    COLUMNS.map((column) => async () => {
      const cell = await runCell(projects, pages, row, column);
      told(cell);
      return cell;
    }),
  );
  return inPool(2, cells);
}

const markOf = ({ reason, fault }: Cell) => (fault ? 'fails' : reason ? '-' : 'runs');

/** The cells as a table in Markdown, a row a program; the reasons of empty cells stand below. */
export function tableOf(cells: readonly Cell[]): string {
  const rows = [...new Set(cells.map(({ row }) => row))];
  const line = (words: readonly string[]) => `| ${words.map((word, i) => word.padEnd(i === 0 ? 15 : 8)).join(' | ')} |`;
  const marks = (row: Row) => cells.filter((cell) => cell.row === row).map(markOf);
  const notes = cells.flatMap(({ row, column, reason }) => (reason ? [`- ${row.program}, ${column}: ${reason}`] : []));
  return [
    line(['', ...COLUMNS]),
    line(['---', ...COLUMNS.map(() => '---')]),
    ...rows.map((row) => line([row.program, ...marks(row)])),
    ...notes,
  ].join('\n');
}
