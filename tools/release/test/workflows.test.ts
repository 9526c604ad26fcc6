import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const python = process.env.PYTHON ?? 'python3';
const has = spawnSync(python, ['-c', 'import check_jsonschema'], { stdio: 'ignore' }).status === 0;

const workflows = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`);
const forms = readdirSync(join(root, '.github/ISSUE_TEMPLATE'))
  .filter((name) => name !== 'config.yml')
  .map((name) => `.github/ISSUE_TEMPLATE/${name}`);

/** GitHub's own descriptions of these files, which check-jsonschema brings along. */
const SCHEMAS: readonly (readonly [string, readonly string[]])[] = [
  ['vendor.github-workflows', workflows],
  ['custom.github-workflows-require-timeout', workflows],
  ['vendor.github-issue-forms', forms],
  ['vendor.github-issue-config', ['.github/ISSUE_TEMPLATE/config.yml']],
  ['vendor.citation-file-format', ['CITATION.cff']],
];

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

interface Job {
  readonly steps: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
}

const jobsOf = (file: string) =>
  (parse(readFileSync(join(root, file), 'utf8')) as { readonly jobs: Readonly<Record<string, Job>> }).jobs;

describe.skipIf(!has)('what GitHub reads is as its schemas say (check-jsonschema of PyPI)', () => {
  it.each(SCHEMAS)('%s', (schema, files) => {
    const { status, stdout, stderr } = spawnSync(
      python,
      ['-m', 'check_jsonschema', '--builtin-schema', schema, ...files],
      { cwd: root, encoding: 'utf8' },
    );
    expect(status, stdout + stderr).toBe(0);
  });
});

describe('the workflows', () => {
  it('test on every system with every Node that the packages promise', () => {
    const { test } = jobsOf('.github/workflows/test.yml');
    expect(test?.strategy?.matrix).toEqual({
      system: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
      node: [20, 22, 24],
    });
  });

  it('publish with an identity that npm can attest, by the action of changesets and the command pnpm release', () => {
    const { release } = jobsOf('.github/workflows/release.yml');
    expect(release?.permissions).toMatchObject({ 'id-token': 'write' });
    const action = release?.steps.find(({ uses }) => uses?.startsWith('changesets/action@'));
    expect(action?.with).toMatchObject({ version: 'pnpm version-packages', publish: 'pnpm release' });
  });

  it('run scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const steps = workflows.flatMap((file) => Object.values(jobsOf(file)).flatMap((job) => job.steps));
    const texts = steps.flatMap((step) => [step.run, step.with?.version, step.with?.publish]).filter((text) => text);
    const named = texts.flatMap((text) =>
      [...text!.matchAll(/\b(?:pnpm|npm run) ([a-z][a-z-]*)\b/g)].map(([, name]) => name),
    );
    const ours = named.filter((name) => name !== 'install' && name !== 'turbo');
    expect(ours).toEqual(expect.arrayContaining(['release', 'version-packages', 'nem']));
    for (const name of ours) expect(scripts, name).toHaveProperty(name as string);
    const kernels = JSON.parse(readFileSync(join(root, 'packages/kernels/package.json'), 'utf8'));
    for (const [, script] of texts.join('\n').matchAll(/--filter @nem\/kernels run (\S+)/g)) {
      const [, file = ''] = /node (\S+)/.exec(kernels.scripts[script as string]) ?? [];
      expect(existsSync(join(root, 'packages/kernels', file)), `${script}: ${file}`).toBe(true);
    }
  });
});
