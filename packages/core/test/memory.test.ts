import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'nem-memory-'));
afterAll(() => rmSync(folder, { recursive: true }));

const library = new URL('../dist/index.js', import.meta.url).href;

/** Grows the resident set by what reading a file takes, in a process of its own, and prints both sizes. */
const program = `
import { readFileSync } from 'node:fs';
const [, file, reader, library] = process.argv;
const { [reader]: read } = await import(library);
const before = process.resourceUsage().maxRSS;
const bytes = readFileSync(file);
let outcome = 'read';
try { globalThis.kept = read(bytes); } catch (error) { outcome = error.name; }
console.log(JSON.stringify({ outcome, ratio: ((process.resourceUsage().maxRSS - before) * 1024) / bytes.length }));`;

function measure(reader: string, bytes: Uint8Array): { outcome: string; ratio: number } {
  const file = join(folder, 'hostile');
  writeFileSync(file, bytes);
  // Small young generations: the collector's reserve is no part of what a file asks for.
  const args = ['--max-semi-space-size=1', '--input-type=module', '-e', program, file, reader, library];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

function safetensors(header: string): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text]);
}

const items = (count: number, item: (i: number) => string) => Array.from({ length: count }, (_, i) => item(i)).join();
const tensor = (shape: string) => (i: number) =>
  `"${i.toString(36)}":{"dtype":"F32","shape":[${shape}],"data_offsets":[0,0]}`;
const zeros = (count: number) => `${'0,'.repeat(count)}0`;

/** Files of some 4 MB, each the worst of its kind. */
const files: [string, string, () => Uint8Array, string?][] = [
  ['tensors of many axes', 'decodeSafetensors', () => safetensors(`{${items(15_000, tensor(zeros(63)))}}`), 'read'],
  [
    'tensors of wide names',
    'decodeSafetensors',
    () => safetensors(`{${items(24_000, (i) => tensor(`0${' '.repeat(140)}`)(i).replace('"', '"€'))}}`),
    'read',
  ],
  [
    'much metadata',
    'decodeSafetensors',
    () => safetensors(`{"__metadata__":{${items(20_000, (i) => `"${i}":"${'x'.repeat(190)}"`)}}}`),
    'read',
  ],
  ['a vector of digits', 'decodeVector', () => Buffer.from(`{"image":[${zeros(2_000_000)}]}`)],
  ['a vector of lists', 'decodeVector', () => Buffer.from(`{"image":[${items(1_000_000, () => '[0]')}]}`)],
  ['a vector of open lists', 'decodeVector', () => Buffer.from('['.repeat(4_000_000))],
  ['a vector of empty lists', 'decodeVector', () => Buffer.from(`[${items(1_300_000, () => '[]')}]`)],
  ['a vector of members', 'decodeVector', () => Buffer.from(`{${items(500_000, (i) => `"${i.toString(36)}":0`)}}`)],
  [
    'as many members as it may',
    'decodeVector',
    () => Buffer.from(`{${items(60_000, (i) => `"${i}":"${'x'.repeat(56)}"`)}}`),
  ],
];

/** Files that are hardly more than names, each of which takes an object or two: nothing else takes so much. */
const names: [string, () => Uint8Array][] = [
  ['many tiny tensors', () => safetensors(`{${items(80_000, tensor('0'))}}`)],
  ['tiny tensors of wide names', () => safetensors(`{${items(60_000, (i) => tensor('0')(i).replace('"', '"€'))}}`)],
  ['empty metadata', () => safetensors(`{"__metadata__":{${items(300_000, (i) => `"${i.toString(36)}":""`)}}}`)],
];

it.each(names)('a safetensors file of names alone takes less than sixteen times its size: %s', (_, bytes) => {
  const { outcome, ratio } = measure('decodeSafetensors', bytes());
  expect(outcome).toBe('read');
  expect(ratio).toBeLessThan(16);
});

describe('a hostile file takes less than twelve times its size', () => {
  it.each(files)('%s, by %s', (_, reader, bytes, expected = `${reader.slice(6)}Error`) => {
    const { outcome, ratio } = measure(reader, bytes());
    expect(outcome).toBe(expected);
    expect(ratio).toBeLessThan(12);
  });
});
