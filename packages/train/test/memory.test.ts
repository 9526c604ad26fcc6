import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findExperiment } from '../src/experiments/index.js';
import { encodeCheckpoint, openSafetensors, sealSafetensors } from '../src/run/checkpoint.js';
import { RunFolder } from '../src/run/run-folder.js';

const root = mkdtempSync(join(tmpdir(), 'nem-memory-'));
afterAll(() => rmSync(root, { recursive: true }));

const library = new URL('../dist/index.js', import.meta.url).href;

/**
 * Reads a run's configuration and newest checkpoint in a process of its own: first those of a sound run, so that all code is
 * loaded, then the hostile one's. Prints the growth of the resident set in bytes.
 */
const program = `
import { existsSync, statSync } from 'node:fs';
const [, sound, hostile, part, library] = process.argv;
const { RunFolder } = await import(library);
const read = (path) => {
  const folder = new RunFolder(path);
  const config = folder.readConfig();
  return part === 'config' ? config : folder.readCheckpoint(config);
};
for (let i = 0; i < 20; i++) read(sound);
const before = process.resourceUsage().maxRSS;
let outcome = 'read';
try { globalThis.kept = read(hostile); } catch (error) { outcome = error.name; }
console.log(JSON.stringify({ outcome, growth: (process.resourceUsage().maxRSS - before) * 1024 }));`;

const config = { experiment: findExperiment('static-shapes'), engine: 'wasm', seed: 0 };
const sound = new RunFolder(join(root, 'sound'));
sound.create(config);
const one = { w: { shape: [1], values: Float32Array.of(1) } };
const state = { epoch: 1, step: 0, update: 0, lossSum: 0, best: { loss: 1, epoch: 0 } };
const checkpoint = { state, parameters: one, optimizer: { updates: 0, m: one, v: one }, metrics: '' };
sound.writeCheckpoint(checkpoint, config);

function measure(part: 'config' | 'checkpoint', bytes: string | Uint8Array) {
  const folder = new RunFolder(join(root, 'hostile'));
  rmSync(folder.path, { recursive: true, force: true });
  folder.create(config);
  mkdirSync(join(folder.path, 'checkpoints'), { recursive: true });
  const file = part === 'config' ? 'config.json' : 'checkpoints/last.safetensors';
  writeFileSync(join(folder.path, file), bytes);
  const args = ['--max-semi-space-size=1', '--input-type=module', '-e', program];
  const { stdout, stderr } = spawnSync(process.execPath, [...args, sound.path, folder.path, part, library], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { outcome: string; growth: number };
}

const items = (count: number, item: (i: number) => string) => Array.from({ length: count }, (_, i) => item(i)).join();
const padded = (text: string) => text.padEnd(2 ** 18);
const members = (count: number) => items(count, (i) => `"${i.toString(36)}${'x'.repeat(200)}":[]`);
const inExperiment = (count: number) =>
  JSON.stringify(config).replace('"experiment":{', `"experiment":{${members(count)},`);

/** A checkpoint with another text in place of one of its own, under a true checksum. */
function checkpointWith(name: string, text: string): Uint8Array {
  const { arrays, metadata } = openSafetensors(encodeCheckpoint({ ...checkpoint, config: '{}' }));
  return sealSafetensors(arrays, { ...metadata, [name]: text });
}

describe('a hostile file takes less than ten times its size', () => {
  it.each([
    ['empty lists', padded(`[${items(80_000, () => '[]')}]`)],
    ['as many lists as there may be', padded(`[${items(1000, () => '[]')}]`)],
    ['lists in lists', padded('['.repeat(100_000))],
    ['fields', padded(`{${items(30_000, (i) => `"${i.toString(36)}":0`)}}`)],
    ['as many unknown fields of an experiment as there may be', padded(inExperiment(900))],
  ])('a configuration of %s', (_, text) => {
    const { outcome, growth } = measure('config', text);
    expect(outcome).toBe('RunError');
    expect(growth).toBeLessThan(10 * text.length);
  });

  it.each([
    ['state', `[${items(1_300_000, () => '[]')}]`],
    ['metrics', 'x'.repeat(4_000_000)],
    ['config', `[${items(1_300_000, () => '[]')}]`],
  ])('a checkpoint with a hostile %s', (name, text) => {
    const bytes = checkpointWith(name, text);
    const { outcome, growth } = measure('checkpoint', bytes);
    expect(outcome).toBe('RunError');
    expect(growth).toBeLessThan(10 * bytes.length);
  });
});
