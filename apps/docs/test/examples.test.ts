import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, own, Sandbox } from './blocks.fixture.js';

const guides = join(own, 'content/guide');
const blocks = readdirSync(guides).flatMap((file) => blocksOf(join(guides, file), file));
const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

describe('every block of code of the guides', () => {
  let sandbox: Sandbox;

  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox.remove());

  it('is of a language that is run here', () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(['bash', 'sh', 'ts']);
  });

  it.for(of('ts'))('$title', async ({ code }, { signal }) => {
    const { status, output } = await sandbox.script(code, signal);
    expect(status, output).toBe(0);
    expect(output).not.toBe('');
  });

  it.for(of('sh'))('$title', async ({ code }, { signal }) => {
    const { status, output } = await sandbox.run('sh', ['-ec', code], signal);
    expect(status, output).toBe(0);
  });

  it.for(of('bash'))('$title: is a script that bash can read', async ({ code }, { signal }) => {
    const { status, output } = await sandbox.run('bash', ['-nc', code], signal);
    expect(status, output).toBe(0);
  });
});
