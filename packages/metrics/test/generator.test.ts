import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { env, hasScikitLearn, python } from './python.fixture.js';

const golden = fileURLToPath(new URL('../golden/clustering-metrics.json', import.meta.url));

type Case = Record<string, unknown> & { contingency: number[][]; adjustedMutualInformation: Record<string, unknown> };
const read = () => JSON.parse(readFileSync(golden, 'utf8')) as { source: string; cases: Case[] };

function generator(command: 'check' | 'make', file: string) {
  const script = fileURLToPath(new URL('../golden/clustering_metrics.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script, command, file], {
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return { status, stdout, stderr };
}

describe.skipIf(!hasScikitLearn)('the generator of the golden label pairs (needs python3 with scikit-learn)', () => {
  let temporary: string;
  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'nem-golden-'));
  });
  afterAll(() => rmSync(temporary, { recursive: true }));

  function saved(content: unknown): string {
    const file = join(temporary, 'golden.json');
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  it('scores all shipped pairs again', () => {
    const { status, stdout } = generator('check', golden);
    expect(stdout).toBe('160 of 160 label pairs hold.\n');
    expect(status).toBe(0);
  });

  it('finds every changed number, table and null', () => {
    const json = read();
    const cases = json.cases.slice(0, 60);
    Object.assign(cases[3]!.adjustedMutualInformation, { min: 0 });
    Object.assign(cases[40]!, { expectedMutualInformation: (cases[40]!.expectedMutualInformation as number) + 2e-10 });
    Object.assign(cases[41]!.adjustedMutualInformation, { max: null });
    cases[42]!.contingency[0]![0]! += 1;
    Reflect.deleteProperty(cases[50]!, 'normalizedMutualInformation');
    const { status, stdout } = generator('check', saved({ ...json, cases }));
    expect(status).toBe(1);
    expect(stdout.match(/^.* is /gm)).toEqual([
      'case 3: adjustedMutualInformation.min is ',
      'case 40: expectedMutualInformation is ',
      'case 41: adjustedMutualInformation.max is ',
      'case 42: contingency is ',
      'case 50: normalizedMutualInformation is ',
    ]);
    expect(stdout).toMatch(/\n55 of 60 label pairs hold\.\n$/);
  });

  it('makes the file from label pairs alone', () => {
    // scikit-learn takes long for the larger ones.
    const cases = read().cases.filter((_, i) => i % 4 === 0);
    const pairs = cases.map(({ labelsTrue, labelsPred }) => ({ labelsTrue, labelsPred }));
    const { status, stdout } = generator('make', saved({ cases: pairs }));
    expect(status).toBe(0);
    const made = JSON.parse(stdout) as ReturnType<typeof read>;
    expect(made.source).toMatch(/^scikit-learn \d/);
    expect(Object.keys(made.cases[0]!)).toEqual(Object.keys(cases[0]!));
    expect(generator('check', saved(made)).status).toBe(0);
    expect(made.cases.map(({ contingency }) => contingency)).toEqual(cases.map(({ contingency }) => contingency));
  });

  it('says what cannot be read', () => {
    const { status, stderr } = generator('check', saved({ pairs: [] }));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^.*golden\.json cannot be read \('cases'\): give a file in the format of .*\.\n$/);
  });
});
