import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './blocks.fixture.js';

type Decode = (png: Uint8Array) => { width: number; height: number; data: Uint8Array };
const { decode } = createRequire(join(root, 'packages/report/package.json'))('fast-png') as { decode: Decode };

const pngs = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.png'));

it('the pictures of the READMEs are what the networks of @nem/models find', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nem-pictures-'));
  try {
    execFileSync(process.execPath, [join(root, 'tools/pictures.mjs'), folder]);
    const drawn = pngs(folder);
    expect(drawn.length).toBeGreaterThanOrEqual(9);
    for (const file of drawn) {
      const [made, committed] = [folder, root].map((place) => decode(readFileSync(join(place, file))));
      expect([made!.width, made!.height], file).toEqual([committed!.width, committed!.height]);
      // Another processor may round a grey value differently; a weight that changed gives other groups.
      const others = made!.data.filter((value, i) => Math.abs(value - committed!.data[i]!) > 8).length;
      expect(others / made!.data.length, `${file}: run pnpm pictures`).toBeLessThan(0.002);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
