import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cli, lastLine, nemIn, onWorkers, settings, startNem, temporaryFolder, until } from './nem.fixture.js';

const folder = temporaryFolder('kept');
const nem = nemIn(folder);
const at = (...names: string[]) => join(folder, ...names);

/** Networks and batches small enough for a test. */
const SMALL = [
  ...onWorkers(1),
  ...settings('batchSize=4', 'steps=2', 'validationInputs=2', 'network.recurrent.size=8'),
];

const TINY = [...SMALL, '--epochs', '1', ...settings('dataset.training=8', 'dataset.validation=2', 'dataset.test=2')];

/** Trains for a moment of an epoch that takes minutes, with a validation and an evaluation after it. */
const trainCut = (out: string, ...more: string[]) => {
  const args = [...SMALL, '--max-minutes', '0.002', '--count', '2', '--out', out, ...more];
  expect(nem('train', 'static-shapes', ...args).stderr).toContain('cut short by the time limit');
};

describe('a run that a time limit has ended within its first epoch', () => {
  const files = ['metrics.jsonl', 'checkpoints/best.safetensors', 'report/test.json'];
  const contents = (run: string) => files.map((name) => readFileSync(at(run, name), 'latin1'));

  beforeAll(() => {
    const exported = ['data', 'export', 'static-shapes', '--split', 'all', '--count', '4000', '--out', 'data.h5'];
    expect(nem(...exported).status).toBe(0);
    trainCut('drawn', ...settings('dataset.training=40000', 'dataset.validation=2', 'dataset.test=2'));
    trainCut('read', '--data', 'data.h5');
  }, 120_000);

  it('keeps its weights, epochs and losses where going on ends before the next epoch does', async () => {
    const before = contents('drawn');
    const { child, said, exit } = startNem(folder, ['train', '--resume', 'drawn']);
    await until(() => said().includes('goes on in'), child);
    child.kill('SIGINT');
    expect(await exit).toEqual([130, null]);
    expect(contents('drawn')).toEqual(before);
    expect(nem('evaluate', 'drawn').status).toBe(0);
  });

  it('is not touched where its data have moved', () => {
    const before = contents('read');
    renameSync(at('data.h5'), at('moved.h5'));
    const { status, stderr } = nem('train', '--resume', 'read');
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('data.h5: there is no such file')]);
    expect(status).toBe(1);
    expect(contents('read')).toEqual(before);
    expect(existsSync(at('read/lock'))).toBe(false);
  });
});

describe.skipIf(process.platform === 'win32')('a standard output that cannot be written', () => {
  /** Runs `nem` with its outputs where a shell sends them; its exit code and what the shell's own standard error has. */
  const inShell = (args: readonly string[], outputs: string) => {
    const words = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(' ');
    const { stdout, stderr } = spawnSync('bash', ['-c', `${words} ${outputs}; echo "\${PIPESTATUS[0]}"`], {
      encoding: 'utf8',
      cwd: folder,
    });
    return { status: Number(lastLine(stdout)), stderr };
  };
  const COMMANDS = [['--help'], ['list', '--json'], ['engines', '--json'], ['verify', '--engine', 'cpu', '--json']];

  it.each(COMMANDS)('nem %s … ends quietly where its reader goes away', (...args) => {
    expect(inShell(args, '| true')).toEqual({ status: 0, stderr: '' });
  });

  it.each(COMMANDS)('nem %s … ends with exit code 3 where it is full', (...args) => {
    const { status, stderr } = inShell(args, '> /dev/full');
    expect(stderr).toMatch(/^cannot write the standard output: the disk is full \(ENOSPC\).*\n$/);
    expect(status).toBe(3);
  });

  it('training goes on without a reader, and on a full output, and keeps what it has found', () => {
    for (const [out, outputs, status] of [
      ['unread', '2>&1 | true', 0],
      ['full', '> /dev/full 2> /dev/full', 3],
    ] as const) {
      expect(inShell(['train', 'static-shapes', ...TINY, '--out', out], outputs).status).toBe(status);
      expect(existsSync(at(out, 'report/test.json'))).toBe(true);
    }
  });
});
