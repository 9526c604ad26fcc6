import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nemIn, settings, temporaryFolder } from './nem.fixture.js';

const folder = temporaryFolder('cluster');
const nem = nemIn(folder);
const cluster = fileURLToPath(new URL('../../../examples/cluster', import.meta.url));
const python = process.env.PYTHON || 'python3';

/** The number of tasks that `nem reproduce all` has. */
const tasks = () => JSON.parse(nem('reproduce', 'all', '--list', '--json', '--out', 'none').stdout).tasks.length;

it('the array job of Slurm has as many parts as there are tasks', () => {
  const script = readFileSync(join(cluster, 'slurm/reproduce.sbatch'), 'utf8');
  expect(script).toContain(`#SBATCH --array=0-${tasks() - 1}\n`);
});

const hasValidator = spawnSync(python, ['-c', 'import kubernetes_validate']).status === 0;

/** The first version with all that the Job asks for, and the newest. */
const VERSIONS = ['1.33', '1.37'];

describe.skipIf(!hasValidator)('the manifests for Kubernetes (needs the Python package kubernetes-validate)', () => {
  const manifests = readdirSync(join(cluster, 'kubernetes')).filter((name) => name.endsWith('.yaml'));
  const validate = (file: string, version: string) =>
    spawnSync(python, ['-m', 'kubernetes_validate', '--strict', '-k', version, file], { encoding: 'utf8' });

  /** A manifest as JSON; with what the validator brings along. */
  function read(name: string) {
    const program = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))';
    return JSON.parse(
      spawnSync(python, ['-c', program, join(cluster, 'kubernetes', name)], { encoding: 'utf8' }).stdout,
    );
  }

  it.each(manifests.flatMap((name) => VERSIONS.map((version) => ({ name, version }))))(
    '$name fits the schema of Kubernetes $version, which has no other fields',
    ({ name, version }) => {
      const { status, stdout, stderr } = validate(join(cluster, 'kubernetes', name), version);
      expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: expect.stringContaining('passed') });
    },
  );

  it('a field that is misspelt, or of another type, does not fit', () => {
    const text = readFileSync(join(cluster, 'kubernetes/reproduce.yaml'), 'utf8');
    const changes = [
      ['backoffLimitPerIndex', 'backoffLimtPerIndex'],
      ['completions: 60', 'completions: sixty'],
    ] as const;
    for (const [right, wrong] of changes) {
      writeFileSync(join(folder, 'wrong.yaml'), text.replace(right, wrong));
      expect(validate(join(folder, 'wrong.yaml'), '1.37').status).not.toBe(0);
    }
  });

  it('the Indexed Job has as many indexes as there are tasks, and its pod does the one of its index', () => {
    const { spec } = read('reproduce.yaml');
    expect([spec.completionMode, spec.completions]).toEqual(['Indexed', tasks()]);
    const [{ args }] = spec.template.spec.containers as [{ args: string[] }];
    const here = args.map((argument) => argument.replace(/^\/data/, folder));
    const small = settings('dataset.training=4', 'dataset.validation=2', 'dataset.test=2', 'batchSize=2', 'epochs=1');
    const pod = () =>
      nemIn(folder, { JOB_COMPLETION_INDEX: '1' })(
        ...here,
        '--engine',
        'wasm',
        '--workers',
        '1',
        '--count',
        '2',
        ...small,
      );
    const first = pod();
    expect(first.stdout, first.stderr).toContain('task 1 is done: static-shapes, seed 1');
    expect(pod().stdout).toContain('task 1 was done already');
    const [report] = read('report.yaml').spec.template.spec.containers as [{ args: string[] }];
    const missing = nem(
      ...report.args.map((argument) => argument.replace(/^\/data/, folder)),
      '--count',
      '2',
      ...small,
    );
    expect(missing.stderr).toContain(`tasks 0,2-${tasks() - 1} are not done yet, and the report needs them`);
  });
});
