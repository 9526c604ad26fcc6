import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cli, lastLine, node, temporaryFolder } from './nem.fixture.js';

const folder = temporaryFolder('gpu-session');
writeFileSync(join(folder, 'does-nothing.mjs'), '');
const script = fileURLToPath(new URL('../../../tools/gpu-session.mjs', import.meta.url));
const session = (out: string, ...args: string[]) => node(folder, [script, '--out', out, ...args]);
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

describe('tools/gpu-session.mjs', () => {
  it('adds what each part says to one folder, and names the parts that failed', () => {
    // Evaluates a run that is not there.
    const { status, stdout } = session('out', '--nem', cli, '--parts', 'evaluate,engines');
    expect(stdout).toMatch(/## engines\n\n`nem engines`\n\n```\n[^`]*cpu +yes[^`]*```\n\ndone, [\d.]+ s\n/);
    expect(stdout).toMatch(/## evaluate\n[^#]*out-run[^#]*failed with exit code \d, [\d.]+ s; evaluation\.jsonl\n/);
    expect(lastLine(stdout)).toBe('Not done: evaluate.');
    expect(status).toBe(1);
    const again = session('out', '--nem', cli, '--parts', 'engines');
    expect(lastLine(again.stdout)).toBe('Every part is done.');
    expect(again.status).toBe(0);
    expect(read('out', 'session.md')).toBe(stdout + again.stdout);
    expect(readdirSync(join(folder, 'out'))).toEqual(['session.md']);
  });

  it('stops a part at its limit and goes on', () => {
    const hangs = "console.log(process.argv[2]); if (process.argv[2] === 'verify') setInterval(() => {}, 1000);";
    writeFileSync(join(folder, 'hangs.mjs'), hangs);
    const args = ['--nem', 'hangs.mjs', '--limit', '0.01', '--parts', 'verify,evaluate'];
    const { status, stdout } = session('limits', ...args);
    expect(stdout).toMatch(/## verify\n[^#]*stopped at its limit, [\d.]+ s; verify\.jsonl\n/);
    expect(stdout).toMatch(/## evaluate\n[^#]*\ndone, /);
    expect(read('limits', 'verify.jsonl')).toBe('verify\n');
    expect(read('limits', 'evaluation.jsonl')).toBe('evaluate\n');
    expect(lastLine(stdout)).toBe('Not done: verify.');
    expect(status).toBe(1);
  });

  it('trains by a recipe and from weights, where they are given', () => {
    const { status, stdout } = session(
      'start',
      ...['--nem', 'does-nothing.mjs', '--parts', 'train', '--experiment', 'flying-mnist'],
      ...['--recipe', 'fast', '--from', 'one-digit'],
    );
    expect(stdout).toContain('`nem train flying-mnist --engine webgpu --recipe fast --from one-digit --out ');
    expect(status).toBe(0);
  });

  it('refuses a recipe for a run that has begun', () => {
    mkdirSync(join(folder, 'begun-run', 'checkpoints'), { recursive: true });
    const { status, stderr } = session('begun', '--recipe', 'fast');
    expect(stderr).toMatch(/^--recipe is 'fast', but .*begun-run has begun and goes on as it was: /);
    expect(status).toBe(2);
    expect(readdirSync(folder)).not.toContain('begun');
  });

  it('says what is not changed of a run that has begun', () => {
    mkdirSync(join(folder, 'goes-on-run', 'checkpoints'), { recursive: true });
    const args = ['--nem', 'does-nothing.mjs', '--parts', 'profile,train', '--set', 'steps=5'];
    const { status, stdout } = session('goes-on', ...args);
    expect(stdout).toMatch(/## profile\n\n`nem bench flying-shapes-3 .*--set steps=5 --json`/);
    expect(stdout).toMatch(
      /## train\n\n.*goes-on-run has begun and goes on as it was: --experiment and --set are for the benchmarks alone\.\n\n`nem train --resume .*goes-on-run --engine webgpu --max-minutes/,
    );
    expect(status).toBe(0);
  });

  it.each([
    [['--parts', 'trian'], "--parts has 'trian': give some of engines, verify, "],
    [['--mins', '3'], "Unknown option '--mins'"],
    [['--minutes', 'x'], "--minutes is 'x': give minutes above 0, at most 10080."],
  ])('refuses %s', (args, message) => {
    const { status, stderr } = session('none', ...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(2);
  });
});
