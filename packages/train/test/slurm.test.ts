import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, type Started, settings, startNem, temporaryFolder } from './nem.fixture.js';
import { type Cluster, hasSlurm, startCluster } from './slurm.fixture.js';

const folder = temporaryFolder('slurm');
const script = fileURLToPath(new URL('../../../examples/cluster/slurm/reproduce.sbatch', import.meta.url));

/** Two trainings, small but long enough to be ended in their middle. */
const EPOCHS = 30;
const asked = [
  ...['static', '--seeds', '1', '--engine', 'wasm'],
  ...settings('dataset.training=32', 'dataset.validation=8', 'dataset.test=8', 'batchSize=8', 'steps=3'),
  ...settings(`epochs=${EPOCHS}`, 'patience=1000'),
];
const RUNS = ['static-shapes-seed-0', 'static-shapes-nem-seed-0'];
/** Milliseconds between two questions to Slurm, whose programs take time from what is tested. */
const POLL = 300;
/** What must be the same bytes in a task that was ended and requeued. */
const RESULTS = ['checkpoints/best.safetensors', 'checkpoints/last.safetensors', 'metrics.jsonl', 'report/test.json'];

const bytes = (out: string, run: string, name: string) =>
  readFileSync(join(folder, out, 'runs', run, name)).toString('base64');

/** Whole epochs of a task's run so far. */
function epochs(task: number): number {
  const file = join(folder, 'shared/runs', RUNS[task] as string, 'metrics.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}

/** The process that holds a lock of task 0. */
const holder = (lock: string): number =>
  JSON.parse(readFileSync(join(folder, 'shared/runs', RUNS[0] as string, lock), 'utf8')).pid;

describe('what the job script asks nem for', () => {
  /** The arguments of nem in a task with two cores. */
  function asks(variables: Record<string, string>, ...args: readonly string[]): string {
    const bin = join(folder, 'echo');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'nem'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, SLURM_CPUS_PER_TASK: '2', ...variables };
    const { stdout, stderr } = spawnSync('bash', [script, ...args], { env, encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.trim();
  }

  it('is a thread for each core of the task', () => {
    expect(asks({})).toBe('reproduce all --task --workers 2');
  });

  it('is no thread where the task has a GPU, whose engines have none', () => {
    const asked = ['static', '--engine', 'cuda'];
    expect(asks({ SLURM_GPUS_ON_NODE: '1' }, ...asked)).toBe('reproduce static --engine cuda --task');
  });
});

describe.skipIf(!hasSlurm())('an array job of Slurm (needs slurmctld, slurmd, slurm-client and munge)', () => {
  let cluster: Cluster;
  let whole: Started;
  /** Number of the array job. */
  let job: string;

  beforeAll(async () => {
    whole = startNem(folder, ['reproduce', ...asked, '--workers', '1', '--out', 'whole', '--json']);
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/nem'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
    chmodSync(join(folder, 'bin/nem'), 0o755);
    cluster = await startCluster(folder, join(folder, 'bin'));
  });
  afterAll(async () => {
    await cluster?.stop();
    whole.child.kill();
    await whole.exit;
  });

  const log = (task: number) => readFileSync(join(folder, `${job}_${task}.log`), 'utf8');

  /** Waits until something holds; where it does not, everything that was said is in the error. */
  async function wait(what: string, holds: () => boolean, interval = 50): Promise<void> {
    for (let left = 150_000; !holds(); left -= interval) {
      if (left <= 0) throw new Error(`${what} has not come: ${log(0)}\n${log(1)}\n${cluster.log()}`);
      await sleep(interval);
    }
  }

  const stateOf = (id: string) => cluster.slurm('squeue', '-h', '-t', 'all', '-j', id, '-o', '%T');
  const state = (task: number) => stateOf(`${job}_${task}`);

  it('ended and requeued in the middle, gives the bytes of a run that was not', async () => {
    const size = ['--array=0-1', '--cpus-per-task=1', '--mem=100', `--output=${folder}/%A_%a.log`];
    job = cluster.slurm('sbatch', '--parsable', ...size, script, ...asked, '--out', 'shared');
    // As an administrator ends a task, or a job of a higher priority; and as Slurm does before the time limit.
    const ends: [signal: string, end: () => void][] = [
      ['SIGTERM', () => cluster.slurm('scontrol', 'requeue', `${job}_0`)],
      ['SIGUSR1', () => cluster.slurm('scancel', '--batch', '--signal=USR1', `${job}_1`)],
    ];
    await Promise.all(
      ends.map(async ([signal, end], task) => {
        await wait(`the third epoch of task ${task}`, () => epochs(task) >= 3);
        end();
        await wait(`the end of task ${task}`, () => log(task).includes(`stopped by ${signal}: go on with the same`));
        expect(epochs(task)).toBeLessThan(EPOCHS);
      }),
    );
    const stopped = epochs(0);

    // As the kernel does where memory is short; Slurm then leaves it to the user to requeue the task.
    await wait('a later epoch of task 0', () => epochs(0) >= stopped + 3);
    for (const pid of ['task.lock', 'lock'].map(holder)) process.kill(pid, 'SIGKILL');
    await wait('the death of task 0', () => state(0) === 'FAILED', POLL);
    expect(epochs(0)).toBeLessThan(EPOCHS);
    expect(log(0)).toContain('Killed');
    cluster.slurm('scontrol', 'requeue', `${job}_0`);
    const report = cluster.slurm(
      ...(['sbatch', '--parsable', `--dependency=afterany:${job}`, `--output=${folder}/report.json`] as const),
      ...['--wrap', `nem reproduce ${asked.join(' ')} --out shared --report --json`],
    );

    await wait('the end of the array', () => [0, 1].every((task) => state(task) === 'COMPLETED'), POLL);
    const goesOn = (task: number) => log(task).match(/goes on in shared\/runs\/\S+ from update \d+/g)?.length;
    expect([goesOn(0), goesOn(1)], `${log(0)}\n${cluster.log()}`).toEqual([2, 1]);
    expect(log(0)).toContain('task 0 is done: static-shapes, seed 0, in shared/runs/static-shapes-seed-0');
    expect(await whole.exit, whole.said()).toEqual([0, null]);
    for (const run of RUNS)
      for (const name of RESULTS) expect(bytes('shared', run, name)).toBe(bytes('whole', run, name));

    await wait('the report', () => stateOf(report) === 'COMPLETED', POLL);
    const { scores } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    expect(scores).toEqual(JSON.parse(whole.printed()).scores);
    expect(existsSync(join(folder, 'shared/report/index.html'))).toBe(true);
  });
});
