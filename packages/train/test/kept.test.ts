import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Dataset, staticShapes } from '@nem/datasets';
import { writeHdf5 } from '@nem/datasets/hdf5';
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
    expect(stderr.trim().split('\n')).toEqual([
      `the run's data are not in ${at('data.h5')}: where they have moved, name the file with --data.`,
    ]);
    expect(status).toBe(1);
    expect(contents('read')).toEqual(before);
    expect(existsSync(at('read/lock'))).toBe(false);
    const found = nem('train', '--resume', 'read', '--data', 'moved.h5', '--max-minutes', '0.002', '--count', '2');
    expect(found.stderr).toContain('goes on in read from update');
    expect(found.status).toBe(0);
    expect(JSON.parse(readFileSync(at('read/config.json'), 'utf8')).experiment.dataset.file).toBe('moved.h5');
    const other = nem('train', '--resume', 'drawn', '--data', 'moved.h5');
    expect(other.stderr).toContain('its data are of no file: leave out --data');
    expect(other.status).toBe(2);
  });

  it('has no weights to evaluate before its first epoch has ended, and is told so', () => {
    mkdirSync(at('begun'));
    copyFileSync(at('drawn/config.json'), at('begun/config.json'));
    const { status, stderr } = nem('evaluate', 'begun');
    expect(stderr).toBe(
      'no epoch of the run in begun has ended yet, so that there are no weights to use: go on with nem train --resume begun until one has.\n',
    );
    expect(status).toBe(1);
  });
});

describe('an evaluation', () => {
  const inputs = (slug: string) => JSON.parse(readFileSync(at(`drawn/report/${slug}.json`), 'utf8')).inputs;

  it('of fewer inputs stands beside the one of more, whose place one of as many takes', () => {
    const before = [readFileSync(at('drawn/report/test.json'), 'utf8'), readFileSync(at('drawn/report/overview.png'))];
    const { status, stdout } = nem('evaluate', 'drawn', '--count', '1');
    expect(stdout).toContain('over 1 input (1 input)');
    expect(status).toBe(0);
    expect([inputs('test'), inputs('test-count-1')]).toEqual([2, 1]);
    const after = [readFileSync(at('drawn/report/test.json'), 'utf8'), readFileSync(at('drawn/report/overview.png'))];
    expect(after).toEqual(before);
    expect(readFileSync(at('drawn/report/index.md'), 'utf8')).toMatch(
      /\| test set +\| +2 .*\n\| test set, 1 input +\| +1 /,
    );
  });
});

describe('what is read is never written over', () => {
  const shapes = staticShapes();
  const write = (out: string, ...more: string[]) =>
    nem('data', 'export', 'static-shapes', '--split', 'all', '--count', '2', '--out', out, ...more);

  it('nem data export refuses its own source by any name with exit code 2', () => {
    expect(write('source.h5').status).toBe(0);
    renameSync(at('source.h5'), at('x.h5.part'));
    linkSync(at('x.h5.part'), at('hard.h5'));
    symlinkSync('hard.h5', at('soft.h5'));
    const before = readFileSync(at('hard.h5'));
    for (const [out, data] of [
      ['hard.h5', 'hard.h5'],
      ['soft.h5', './hard.h5'],
      ['hard.h5', 'soft.h5'],
      ['x.h5', 'hard.h5'],
    ] as const) {
      const { status, stderr } = write(out, '--data', data);
      expect(stderr).toBe(`--out would write over ${data}, from which the data are read: give another file.\n`);
      expect(status).toBe(2);
    }
    expect(readFileSync(at('hard.h5')).equals(before)).toBe(true);
  });

  it('a new run does not begin on a file that is damaged anywhere, or that would go with the old run', async () => {
    expect(nem('train', 'static-shapes', ...TINY, '--out', 'old').status).toBe(0);
    const before = readdirSync(at('old'), { recursive: true });
    copyFileSync(at('hard.h5'), at('old/report/inside.h5'));
    const inside = nem('train', 'static-shapes', '--data', 'old/report/inside.h5', ...SMALL, '--out', 'old');
    expect(inside.stderr).toMatch(/^old\/report\/inside\.h5 belongs to the run in old, .*\n$/);
    expect(inside.status).toBe(2);
    rmSync(at('old/report/inside.h5'));
    const damaged: Dataset = {
      ...shapes,
      draw(split, index, out, position) {
        shapes.draw(split, index, out, position);
        if (split === 'training' && index === 299) out.features[position * out.height * out.width] = 1.0000001;
      },
    };
    await writeHdf5({ dataset: damaged, file: at('damaged.h5'), counts: { training: 300 } });
    const { status, stderr } = nem('train', 'static-shapes', '--data', 'damaged.h5', ...SMALL, '--out', 'old');
    expect(stderr).toMatch(/^damaged\.h5: training\/features has the value 1\.0000001\d* in sample 299: .*\n$/);
    expect(status).toBe(1);
    expect(readdirSync(at('old'), { recursive: true })).toEqual(before);
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

describe.skipIf(process.platform === 'win32')('a place that cannot be written to', () => {
  it('such as /proc is told at once', () => {
    const { status, stderr } = nem('train', 'static-shapes', ...TINY, '--out', '/proc/x/y');
    expect(stderr).toMatch(
      /^cannot write \/proc\/x\/y\/lock \(ENOENT.*\): make it writable, or give --out another place\.\n$/,
    );
    expect(status).toBe(1);
  });

  it.skipIf(process.getuid?.() !== 0 || spawnSync('setpriv', ['--version']).status !== 0)(
    'has the remedies that the command has, and a user without a home folder goes on without a cache (needs root, setpriv)',
    () => {
      chmodSync(folder, 0o755);
      mkdirSync(at('locked'));
      copyFileSync(at('drawn/config.json'), at('locked/config.json'));
      const nobody = ['--reuid=54321', '--clear-groups', process.execPath, cli];
      const asNobody = (...args: string[]) => {
        const { HOME: _, USERPROFILE: __, XDG_CACHE_HOME: ___, NEM_CACHE: ____, ...env } = process.env;
        const { status, stderr } = spawnSync('setpriv', [...nobody, ...args], { cwd: folder, env, encoding: 'utf8' });
        return { status, stderr };
      };
      const locked = { status: 4, stderr: 'cannot write locked/lock: it may not be written to (EACCES); allow it.\n' };
      expect(asNobody('evaluate', 'locked')).toEqual(locked);
      expect(asNobody('train', '--resume', 'locked')).toEqual(locked);
      expect(asNobody('train', 'static-shapes', ...TINY, '--out', 'locked').stderr).toContain(
        'allow it, or give --out another place.',
      );
      expect(asNobody('engines')).toEqual({ status: 0, stderr: '' });
      expect(asNobody('data', 'download')).toEqual({
        status: 2,
        stderr:
          'there is no home folder with a cache: give --out, or name a cache in the environment variable NEM_CACHE.\n',
      });
      // The digits of the package; what is drawn has nowhere to go.
      expect(asNobody('data', 'preview', 'static-mnist').stderr).toContain('cannot write previews');
    },
  );
});
