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
  writeFileSync,
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
  });

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
    const found = nem('train', '--resume', 'read', '--data', 'moved.h5', '--max-minutes', '0.002', '--count', '0');
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
    const nowhere = nem('export', 'nowhere');
    expect(nowhere.stderr).toMatch(/^cannot read nowhere\/config\.json \(ENOENT.*\): name the folder of a run, /);
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
    await writeHdf5({ dataset: shapes, file: at('old/report/inside.h5'), counts: {} });
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
    expect(stderr).toMatch(
      /^looking through damaged\.h5 before .*\ndamaged\.h5: training\/features has the value 1\.0000001\d* in sample 299: .*\n$/,
    );
    expect(status).toBe(1);
    expect(readdirSync(at('old'), { recursive: true })).toEqual(before);
  });
});

describe('an evaluation that is written elsewhere', () => {
  const evaluate = (...args: string[]) => nem('evaluate', ...args, ...onWorkers(1));

  beforeAll(() => {
    for (const [out, seed, count] of [
      ['first', '1', '2'],
      ['second', '2', '0'],
    ] as const) {
      expect(nem('train', 'static-shapes', ...TINY, '--seed', seed, '--count', count, '--out', out).status).toBe(0);
    }
  });

  it('leaves the run as it is, and has what a report in the run has', () => {
    const files = (place: string) =>
      readdirSync(at(place, 'report'))
        .filter((name) => !name.includes('steps-3'))
        .sort();
    const before = readFileSync(at('first/report/index.md'), 'utf8');
    const { status, stdout } = evaluate('first', '--out', 'apart');
    expect(stdout).toContain('; report in apart/report/index.md');
    expect(status).toBe(0);
    expect(evaluate('first', '--out', 'apart', '--steps', '3').status).toBe(0);
    expect(files('apart')).toEqual(files('first'));
    expect(readFileSync(at('apart/report/test.json'))).toEqual(readFileSync(at('first/report/test.json')));
    expect(readFileSync(at('first/report/index.md'), 'utf8')).toBe(before);
    expect(readFileSync(at('apart/report/index.md'), 'utf8')).toContain('test set, 3 steps');
    expect(
      readdirSync(at('apart'))
        .map((name) => name.replace(/^(events).*/, '$1'))
        .sort(),
    ).toEqual([...['events', 'events'], 'report']);
  });

  it('replaces nothing of another run', () => {
    const refused = (...args: string[]) => {
      const { status, stderr } = evaluate(...args);
      expect(status).toBe(2);
      return stderr;
    };
    expect(refused('second', '--out', 'apart')).toBe(
      'apart has evaluations of other weights: give another folder, to keep them.\n',
    );
    expect(refused('second', '--out', 'first')).toBe(
      'first is the folder of a run: give one without a run, to write the evaluation there.\n',
    );
    expect(evaluate('second', '--out', '/proc/x').stderr).toMatch(/^cannot write \/proc\/x\/lock \(ENOENT/);
  });

  it('goes on beside a training of the run', () => {
    writeFileSync(at('first/lock'), 'held');
    expect(evaluate('first', '--out', 'apart').status).toBe(0);
    rmSync(at('first/lock'));
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
    const download = nem('data', 'download', '--out', '/proc/x/y');
    expect(download.stderr).toMatch(/^the folder \/proc\/x\/y cannot be made \(ENOENT.*\): give another\.\n$/);
    expect(download.status).toBe(1);
  });

  it.skipIf(process.getuid?.() !== 0 || spawnSync('setpriv', ['--version']).status !== 0)(
    'has the remedies that the command has, and a user without a home folder goes on without a cache (needs root, setpriv)',
    () => {
      chmodSync(folder, 0o755);
      mkdirSync(at('locked'));
      const results = at('results');
      mkdirSync(results);
      chmodSync(results, 0o777);
      copyFileSync(at('drawn/config.json'), at('locked/config.json'));
      const nobody = ['--reuid=54321', '--clear-groups', process.execPath, cli];
      const asNobody = (...args: string[]) => {
        const { HOME: _, USERPROFILE: __, XDG_CACHE_HOME: ___, NEM_CACHE: ____, ...env } = process.env;
        const { status, stderr } = spawnSync('setpriv', [...nobody, ...args], { cwd: folder, env, encoding: 'utf8' });
        return { status, stderr };
      };
      const refused = 'cannot write locked/lock: it may not be written to (EACCES); allow it';
      expect(asNobody('train', '--resume', 'locked')).toEqual({ status: 4, stderr: `${refused}.\n` });
      const elsewhere = { status: 4, stderr: `${refused}, or give --out another place.\n` };
      expect(asNobody('evaluate', 'locked')).toEqual(elsewhere);
      expect(asNobody('evaluate', 'first', '--out', results).status).toBe(0);
      expect(existsSync(join(results, 'report/index.md'))).toBe(true);
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

it('a pipe gets no escape codes, on a machine of CI too', () => {
  const { stdout, stderr } = nemIn(folder, { CI: 'true', TERM: 'xterm' })('engines');
  expect(stdout).toMatch(/^cpu +yes/m);
  expect(stdout + stderr).not.toContain('\u001b');
});
