// The table of results in the root's README, `node tools/readme-results.mjs`: the tables of scores of results/README.md, which
// `nem results` makes of the records. With --check nothing is written, and a table that is not up to date ends with exit code 1.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'README.md');
const MARKED = /(<!-- results -->\n)[\s\S]*?(<!-- \/results -->)/;

/** The first table below a heading of the second level, as rows of cells. */
function tableOf(section) {
  const lines = section.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  if (start < 0) return [];
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
  const rows = lines.slice(start, end < 0 ? undefined : end).map((line) => line.split('|').slice(1, -1));
  return rows.map((cells) => cells.map((cell) => cell.trim())).filter((_, i) => i !== 1);
}

/** What a reader of the root's README wants of a table of scores: its columns by the start of their names. */
const COLUMNS = ['network', 'evaluated on', 'AMI here', 'in the paper', 'settings', 'runs', 'inputs'];

/** Settings in a table's cell: a list of changes is for the whole page of results. */
const briefly = (settings) => settings.replace(/^(the paper’s, but .*|changed settings \d+)$/, 'others, see results');

/**
 * Of each network the rows of one of its trainings, that with the highest AMI on the test set, so that all of its scores are of
 * the same weights.
 */
function bestOfEach(names, rows) {
  const of = (row, column) => row[names.indexOf(column)];
  const training = (row) => `${of(row, 'settings')}, ${of(row, 'trained')}`;
  const score = (row) => Number.parseFloat(of(row, 'AMI here'));
  const best = new Map();
  for (const row of rows.filter((one) => of(one, 'evaluated on').startsWith('test set'))) {
    const known = best.get(of(row, 'network'));
    if (!known || (of(row, 'evaluated on') === of(known, 'evaluated on') && score(row) > score(known)))
      best.set(of(row, 'network'), row);
  }
  return rows.filter((row) => training(row) === training(best.get(of(row, 'network')) ?? row));
}

/** A table in Markdown whose cells stand below each other; numbers to the right. */
function aligned([names, ...rows], isNumber) {
  const widths = names.map((name, i) =>
    Math.max(4, ...[name, ...rows.map((row) => row[i])].map(({ length }) => length)),
  );
  const line = (cells) =>
    `| ${cells.map((cell, i) => (isNumber(names[i]) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`;
  const rule = widths.map((width, i) => (isNumber(names[i]) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(names), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** The tables of scores as one, without what has not been run, with the section's title in the first column. */
function resultsTable(markdown) {
  const sections = markdown.split(/^## /m).slice(1);
  const rows = sections.flatMap((section) => {
    const [names, ...cells] = tableOf(section);
    if (!names || !COLUMNS.every((column) => names.includes(column))) return [];
    const title = section.split('\n', 1)[0];
    const scored = cells.filter((row) => row[names.indexOf('AMI here')] !== '–');
    const picked = bestOfEach(names, scored);
    return picked.map((row) => [title, ...COLUMNS.map((column) => briefly(row[names.indexOf(column)]))]);
  });
  return aligned([['data', ...COLUMNS], ...rows], (name) => /AMI|paper|runs|inputs/.test(name));
}

const before = readFileSync(file, 'utf8');
const table = resultsTable(readFileSync(join(root, 'results/README.md'), 'utf8'));
const after = before.replace(MARKED, (_, start, end) => `${start}\n${table}\n\n${end}`);
if (!process.argv.includes('--check')) writeFileSync(file, after);
else if (after !== before) {
  console.error(
    'The table of results in README.md is not that of results/README.md: run node tools/readme-results.mjs.',
  );
  process.exit(1);
}
