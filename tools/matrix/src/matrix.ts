// Runs cells, and shows them as a table.
import { isDeepStrictEqual } from 'node:util';
import { bundled } from './bundlers.js';
import type { Pages } from './page.js';
import { inPool } from './pool.js';
import { fileOf, runInNode } from './programs.js';
import {
  type Column,
  expectedOf,
  type NodeColumn,
  type PageColumn,
  placeOf,
  ROWS,
  type Row,
  reasonWithout,
} from './rows.js';
import { typed } from './types.js';

export interface Cell {
  readonly row: Row;
  readonly column: Column;
  /** Why there is no such cell. */
  readonly reason?: string;
  /** What went wrong. */
  readonly fault?: string;
}

/** Loads a row's program in the way of a column; resolves to what the program gives. */
type Load<C extends Column> = (row: Row, column: C) => Promise<unknown>;

export const loadInNode =
  (projects: string): Load<NodeColumn> =>
  (row, column) => {
    switch (column) {
      case 'import':
        return runInNode(projects, row, fileOf(projects, row, 'mjs'));
      case 'require':
        return runInNode(projects, row, fileOf(projects, row, 'cjs'));
      case 'node16':
      case 'nodenext':
      case 'bundler':
        return typed(projects, row, column);
      default:
        return column satisfies never;
    }
  };

export const loadInPages =
  (projects: string, pages: Pages): Load<PageColumn> =>
  async (row, column) => {
    if (column === 'page') return pages.runByImportMap(projects, row);
    const bundle = await bundled(projects, row, column);
    return placeOf(row, column) === 'node' ? runInNode(projects, row, bundle) : pages.run(bundle);
  };

async function runCell<C extends Column>(row: Row, column: C, load: Load<C>): Promise<Cell> {
  const reason = reasonWithout(row, column);
  if (reason) return { row, column, reason };
  try {
    const given = await load(row, column);
    if (isDeepStrictEqual(given, expectedOf(row, column))) return { row, column };
    return { row, column, fault: `it gives ${JSON.stringify(given)}` };
  } catch (error) {
    return { row, column, fault: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs every row's cells of some columns, two at a time. */
export function runCells<C extends Column>(columns: readonly C[], load: Load<C>): Promise<Cell[]> {
  return inPool(
    2,
    ROWS.flatMap((row) => columns.map((column) => () => runCell(row, column, load))),
  );
}

const markOf = ({ reason, fault }: Cell) => (fault ? 'fails' : reason ? '-' : 'runs');

/** The cells as a table in Markdown, a row a program; the reasons of empty cells stand below. */
export function tableOf(columns: readonly Column[], cells: readonly Cell[]): string {
  const line = (words: readonly string[]) => `| ${words.map((word, i) => word.padEnd(i === 0 ? 15 : 8)).join(' | ')} |`;
  const marks = (row: Row) => cells.filter((cell) => cell.row === row).map(markOf);
  const notes = cells.flatMap(({ row, column, reason }) => (reason ? [`- ${row.program}, ${column}: ${reason}`] : []));
  return [
    line(['', ...columns]),
    line(['---', ...columns.map(() => '---')]),
    ...ROWS.map((row) => line([row.program, ...marks(row)])),
    ...notes,
  ].join('\n');
}
