import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { deriveKey, fillUniform } from '@nem/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunFolder } from '../src/run/run-folder.js';
import { counted } from '../src/words.js';
import { cli, lastLine, nemIn, node, onWorkers, startNem, temporaryFolder, until } from './nem.fixture.js';

const root = temporaryFolder('survive');
const nem = nemIn(root);
const start = (...args: string[]) => startNem(root, args);

const KILLS = 20;

function sets(settings: Record<string, string | number>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
}

/** Small enough for a test: 8 updates an epoch, 16 hidden units. */
const tiny = {
  'dataset.training': 64,
  'dataset.validation': 16,
  'dataset.test': 16,
  'network.recurrent.size': 16,
  batchSize: 8,
  steps: 3,
};
/** The same for every network. */
const tinyOfAll = {
  ...{ 'dataset.training': 8, 'dataset.validation': 4, 'dataset.test': 4 },
  ...{ batchSize: 4, steps: 2, epochs: 1 },
};
const EPOCHS = 4;
/** Long enough to be killed twenty times. */
const LONG_EPOCHS = 24;

/** Without a report, which takes longer than such a training; {@link SCORED} asks for one. */
const UNSCORED = ['--count', '0'];
const SCORED = ['--count', String(tiny['dataset.test'])];

function trainArguments(run: string, epochs: number, settings: Record<string, string | number> = {}): string[] {
  return [
    'train',
    'static-shapes',
    '--out',
    run,
    '--epochs',
    String(epochs),
    '--checkpoint-minutes',
    '0.0005',
    ...onWorkers(2),
    ...sets({ ...tiny, patience: 1000, ...settings }),
    ...UNSCORED,
  ];
}

const resumeArguments = (run: string) => ['train', '--resume', run, '--checkpoint-minutes', '0.0005', ...UNSCORED];

/** What training makes, which must be the same bytes in two runs. */
const TRAINED = [
  ...['checkpoints/last.safetensors', 'checkpoints/best.safetensors'],
  ...['metrics.jsonl', 'losses.jsonl'],
];
const AND_SCORES = [...TRAINED, 'report/test.json'];

function results(run: string, names = TRAINED): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(run, name)).toString('base64')]));
}

function epochsOf(run: string): number[] {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line).epoch);
}

const whole = join(root, 'whole');

beforeAll(() => {
  const { status, stderr } = nem(...trainArguments(whole, EPOCHS), ...SCORED);
  expect(stderr).toContain('training ended by last epoch');
  expect(status).toBe(0);
});

/**
 * Starts a run and kills it again and again, at moments (0 to 1) after it has said that kill number `i` may come, every second
 * one inside a checkpoint's write; counts these.
 */
async function killOften(run: string, newRun: string[], moments: ArrayLike<number>, begins: (kill: number) => RegExp) {
  const parts = ['', 'stages/1/', 'stages/2/', 'stages/3/'].map((stage) =>
    join(run, stage, 'checkpoints/last.safetensors.part'),
  );
  const isWriting = () => parts.some((part) => existsSync(part));
  let insideWrite = 0;
  for (const [i, moment] of Array.from(moments).entries()) {
    const { child, said, exit } = start(...(i === 0 ? newRun : resumeArguments(run)));
    await until(() => begins(i).test(said()), child);
    await sleep(20 + 130 * moment);
    // A spin: a file that lives for milliseconds is missed by anything that waits.
    const deadline = performance.now() + 1000;
    while (i % 2 === 1 && !isWriting() && performance.now() < deadline);
    child.kill('SIGKILL');
    const [, signal] = await exit;
    expect({ i, signal, said: signal ? '' : said() }).toEqual({ i, signal: 'SIGKILL', said: '' });
    if (isWriting()) insideWrite++;
  }
  return insideWrite;
}

const moments = (count: number) => fillUniform(deriveKey(20170803, 'kill'), new Float32Array(count));

/** Twenty-two starts of the command and two whole runs: a minute on a machine that is busy. */
describe('kill -9', () => {
  it(`at ${KILLS} moments, half of them inside a checkpoint's write, changes no byte of the result`, async () => {
    const run = join(root, 'killed');
    const wholeLong = join(root, 'whole-long');
    expect(nem(...trainArguments(wholeLong, LONG_EPOCHS), ...SCORED).status).toBe(0);
    const insideWrite = await killOften(
      run,
      trainArguments(run, LONG_EPOCHS),
      moments(KILLS),
      () => /into |goes on in /,
    );
    const { status, stderr } = nem(...resumeArguments(run), ...SCORED);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('goes on in') });
    expect(insideWrite).toBeGreaterThanOrEqual(3);
    expect(results(run, AND_SCORES)).toEqual(results(wholeLong, AND_SCORES));
    expect(epochsOf(run)).toEqual(Array.from({ length: LONG_EPOCHS }, (_, i) => i + 1));
  });

  it('in any stage of a run in stages changes no byte of the result', async () => {
    const [epochs, stages] = [6, 3];
    const settings = {
      'dataset.training': 16,
      'dataset.validation': 4,
      'dataset.test': 4,
      batchSize: 4,
      patience: 1000,
    };
    const network = {
      type: 'rnn-em',
      input: [],
      recurrent: { size: 4, activation: 'sigmoid', layerNorm: false },
      output: [{ type: 'dense', size: 24 * 24, activation: 'sigmoid', layerNorm: false }],
    };
    const sequences = { steps: 2, 'dataset.frames': 3, network: JSON.stringify(network) };
    const digits = { 'stages.0.dataset.variations': 5, 'stages.1.dataset.variations': 6 };
    const inStages = (run: string) => [
      ...['train', 'flying-mnist-stages', '--out', run, '--epochs', String(epochs), ...onWorkers(2)],
      ...['--checkpoint-minutes', '0.0005', ...sets({ ...settings, ...sequences, ...digits })],
    ];
    const [run, wholeStages] = [join(root, 'killed-stages'), join(root, 'whole-stages')];
    expect(nem(...inStages(wholeStages)).status).toBe(0);
    // Two kills in each stage.
    await killOften(run, inStages(run), moments(2 * stages), (i) => new RegExp(`stage ${1 + (i >> 1)} of 3 from`));
    const { status, stderr } = nem(...resumeArguments(run), '--count', String(settings['dataset.test']));
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('stage 3 of 3') });
    const ofRun = AND_SCORES.filter((name) => !name.includes('last.'));
    expect(results(run, ofRun)).toEqual(results(wholeStages, ofRun));
    for (let stage = 1; stage <= stages; stage++) {
      const ofStage = TRAINED.filter((name) => name !== 'losses.jsonl');
      const folder = (of: string) => join(of, 'stages', String(stage));
      expect(results(folder(run), ofStage)).toEqual(results(folder(wholeStages), ofStage));
    }
    expect(epochsOf(run)).toEqual(Array.from({ length: stages * epochs }, (_, i) => i + 1));
  });
});

describe('a damaged checkpoint', () => {
  const run = join(root, 'damaged');
  const last = join(run, 'checkpoints/last.safetensors');
  const previous = join(run, 'checkpoints/previous.safetensors');

  it('falls back to the one before, says so, and gives the same bytes in the end', () => {
    mkdirSync(join(run, 'checkpoints'), { recursive: true });
    const weights = ['last', 'previous'].map((name) => `checkpoints/${name}.safetensors`);
    for (const name of ['config.json', 'losses.jsonl', ...weights]) copyFileSync(join(whole, name), join(run, name));
    const bytes = readFileSync(last);
    bytes[bytes.length - 100]! ^= 1;
    writeFileSync(last, bytes);
    const { status, stderr } = nem(...resumeArguments(run));
    expect(stderr).toContain('last.safetensors is damaged (its checksum does not match its content): going on from');
    expect(status).toBe(0);
    expect(results(run)).toEqual(results(whole));
  });

  it('without one before is refused with one sentence', () => {
    truncateSync(last, 1000);
    rmSync(previous);
    const { status, stderr } = nem(...resumeArguments(run));
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('no checkpoint is whole')]);
    expect(status).toBe(1);
  });

  it('of another configuration is refused', () => {
    copyFileSync(join(whole, 'checkpoints/last.safetensors'), last);
    const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'));
    writeFileSync(join(run, 'config.json'), JSON.stringify({ ...config, seed: 1 }));
    const { status, stderr } = nem(...resumeArguments(run));
    expect(stderr).toContain('another configuration');
    expect(status).toBe(1);
  });
});

describe('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGUSR1', 138],
  ] as const)('%s ends the step, writes a checkpoint, says how to go on and exits %i', async (signal, code) => {
    const run = join(root, signal);
    const { child, said, exit } = start(...trainArguments(run, EPOCHS));
    await until(() => said().includes('epoch 2,'), child);
    child.kill(signal);
    expect(await exit).toEqual([code, null]);
    expect(said()).toContain(`stopped by ${signal}: go on with nem train --resume ${run}`);
    expect(existsSync(join(run, 'lock'))).toBe(false);
    if (signal !== 'SIGINT') return;
    expect(nem(...resumeArguments(run)).status).toBe(0);
    expect(results(run)).toEqual(results(whole));
  });

  it('a second signal ends at once, in the middle of a step', async () => {
    const run = join(root, 'twice');
    // Steps of seconds.
    const slow = { steps: 150, batchSize: 64, 'dataset.training': 256, 'network.recurrent.size': 500 };
    const { child, said, exit } = start(...trainArguments(run, 1, slow));
    // The first step has ended, and the second one has begun.
    const last = join(run, 'checkpoints/last.safetensors');
    await until(() => existsSync(last), child);
    const before = readFileSync(last);
    await sleep(200);
    child.kill('SIGINT');
    await until(() => said().includes('a second signal ends at once'), child);
    // One that comes at once is an echo of the first, by way of npm or a job's manager.
    await sleep(1000);
    child.kill('SIGINT');
    expect(await exit).toEqual([130, null]);
    expect(said()).not.toContain('stopped by');
    expect(readFileSync(last).equals(before)).toBe(true);
    expect(existsSync(join(run, 'lock'))).toBe(false);
  });

  it('the time limit ends with an evaluation; going on gives the bytes of a run without a limit', () => {
    const run = join(root, 'limited');
    const { status, stderr } = nem(...trainArguments(run, EPOCHS), ...SCORED, '--max-minutes', '0.004');
    expect(stderr).toContain(`training ended by time limit: go on with nem train --resume ${run}\n`);
    expect(status).toBe(0);
    expect(existsSync(join(run, 'report/test.json'))).toBe(true);
    expect(nem(...resumeArguments(run), ...SCORED).status).toBe(0);
    expect(results(run, AND_SCORES)).toEqual(results(whole, AND_SCORES));
  });
});

describe('what follows the time limit', () => {
  /** A validation and an evaluation long enough to be killed in. */
  const long = { 'dataset.validation': 1500, validationInputs: 1500, 'dataset.test': 1500 };
  const scored = ['--count', '1500'];
  const limit = ['--max-minutes', '0.0005'];
  const updateOf = (run: string) => {
    const folder = new RunFolder(run);
    return folder.readCheckpoint(folder.readConfig())?.checkpoint.state.update;
  };
  /** Starts a command and ends it once a condition holds. */
  async function end(args: readonly string[], condition: (said: string) => boolean, signal: NodeJS.Signals) {
    const { child, said, exit } = start(...args);
    await until(() => condition(said()), child);
    child.kill(signal);
    const ended = await exit;
    return { ended, said: said() };
  }

  it('is done again after kill -9 or a signal, without training on; then the run goes on as if never stopped', async () => {
    const run = join(root, 'killed-at-limit');
    const noted = join(run, 'time-limit.json');
    const validating = await end(
      [...trainArguments(run, 2, long), ...scored, ...limit],
      () => existsSync(noted),
      'SIGKILL',
    );
    expect(validating).toMatchObject({ ended: [null, 'SIGKILL'], said: expect.not.stringContaining('cut short') });
    const update = updateOf(run);
    expect(JSON.parse(readFileSync(noted, 'utf8'))).toEqual({ update });

    const resume = [...resumeArguments(run), ...scored, '--max-minutes', '60'];
    const again = 'a time limit ended this training before; its validation and evaluation are still to be done.\n';
    const stopped = await end(resume, (said) => said.includes(again), 'SIGTERM');
    expect(stopped).toMatchObject({ ended: [143, null], said: expect.not.stringContaining('cut short') });
    expect(updateOf(run)).toBe(update);

    const evaluating = await end(resume, (said) => said.includes('training ended by time limit'), 'SIGKILL');
    expect(evaluating).toMatchObject({ ended: [null, 'SIGKILL'], said: expect.stringContaining(again) });
    expect(updateOf(run)).toBe(update);
    expect(existsSync(join(run, 'report/test.json'))).toBe(false);

    const { status, stderr } = nem(...resume);
    expect(stderr).toContain(again);
    expect(stderr).toContain(`epoch 1, ${counted(update ?? 0, 'update')},`);
    expect(stderr).toContain('training ended by time limit');
    expect(status).toBe(0);
    expect(epochsOf(run)).toEqual([1]);
    expect(existsSync(noted)).toBe(false);

    const on = nem(...resumeArguments(run), ...scored);
    expect(on.stderr).not.toContain(again);
    expect(on.status).toBe(0);
    const unlimited = join(root, 'never-limited');
    expect(nem(...trainArguments(unlimited, 2, long), ...scored).status).toBe(0);
    expect(results(run, AND_SCORES)).toEqual(results(unlimited, AND_SCORES));
  });
});

describe('one writer', () => {
  it('a second process is refused and told the first; a stale lock is taken over', async () => {
    const run = join(root, 'shared');
    const { child, said, exit } = start(...trainArguments(run, 100_000));
    await until(() => said().includes('epoch 1,'), child);
    for (const args of [resumeArguments(run), trainArguments(run, 1), ['evaluate', run]]) {
      const { status, stderr } = nem(...args);
      expect(stderr.trim().split('\n')).toEqual([
        expect.stringContaining(`is in use by process ${child.pid} on ${hostname()}`),
      ]);
      expect(status).toBe(8);
    }
    child.kill('SIGKILL');
    await exit;
    expect(existsSync(join(run, 'lock'))).toBe(true);
    expect(nem('evaluate', run).status).toBe(0);
    expect(existsSync(join(run, 'lock'))).toBe(false);
  });
});

describe('a value that is not finite', () => {
  it('stops the run, names the update, the tensor and the samples, and leaves the last checkpoint', () => {
    const run = join(root, 'infinite');
    const { status, stderr } = nem(...trainArguments(run, 2, { learningRate: 1e38, batchSize: 4 }));
    const sentence = lastLine(stderr);
    expect(sentence).toMatch(
      /no longer finite at update \d+ \(epoch 1, step \d+\): the first tensor that is not is .+ \(-?(NaN|Infinity) at index \d+\), on the training samples \d+, \d+, \d+, \d+;/,
    );
    expect(status).toBe(7);
    expect(nem(...resumeArguments(run)).stderr).toContain(sentence);
  });
});

const preload = fileURLToPath(new URL('lose-worker.cjs', import.meta.url));

/** A run of which worker thread `thread` vanishes once the file `when` is there; its heap is small enough to fill up. */
function trainLosing(run: string, { by, thread, when }: { by: string; thread: number; when: string }) {
  const env = { LOSE_BY: by, LOSE_THREAD: String(thread), LOSE_WHEN: join(run, when) };
  return node(
    root,
    ['--max-old-space-size=100', '--require', preload, cli, ...trainArguments(run, EPOCHS), ...SCORED],
    env,
  );
}

describe('a vanished worker thread', () => {
  it.each([
    ['exit', 'worker thread 2 ended with exit code 9'],
    ['throw', 'worker thread 2 failed (a fault of the thread)'],
    ['memory', 'worker thread 2 failed (Worker terminated due to reaching memory limit: JS heap out of memory)'],
  ])('by %s stops the run with exit code 5 and the last checkpoint whole', (by, what) => {
    const run = join(root, `lost-by-${by}`);
    const { status, stderr } = trainLosing(run, { by, thread: 2, when: 'checkpoints/best.safetensors' });
    const [, update] = /go on from the checkpoint of update (\d+) with/.exec(stderr) ?? [];
    expect(lastLine(stderr)).toBe(
      `${what}: go on from the checkpoint of update ${update} with nem train --resume ${run}`,
    );
    expect(status).toBe(5);
    expect(existsSync(join(run, 'lock'))).toBe(false);
    const folder = new RunFolder(run);
    expect(folder.readCheckpoint(folder.readConfig())?.checkpoint.state.update).toBe(Number(update));
    if (by !== 'exit') return;
    const resumed = nem(...resumeArguments(run));
    expect(resumed.stderr).toContain(`goes on in ${run} from update ${update}\n`);
    expect(resumed.stderr).not.toContain('damaged');
    expect(resumed.status).toBe(0);
    expect(results(run)).toEqual(results(whole));
  });

  it('before the first checkpoint says that the run starts anew', () => {
    const run = join(root, 'lost-at-once');
    const { status, stderr } = trainLosing(run, { by: 'exit', thread: 1, when: 'config.json' });
    expect(lastLine(stderr)).toBe(
      `worker thread 1 ended with exit code 9: go on from the start with nem train --resume ${run}`,
    );
    expect(status).toBe(5);
  });

  it('of the evaluation after training leaves the trained run', () => {
    const run = join(root, 'lost-in-evaluation');
    // The evaluation's engine has the process's third and fourth thread.
    const { status, stderr } = trainLosing(run, { by: 'exit', thread: 4, when: 'config.json' });
    expect(stderr).toContain('training ended by last epoch');
    expect(lastLine(stderr)).toBe(
      `worker thread 2 ended with exit code 9: evaluate the run again with nem evaluate ${run}`,
    );
    expect(status).toBe(5);
    expect(nem('evaluate', run).status).toBe(0);
    expect(results(run, AND_SCORES)).toEqual(results(whole, AND_SCORES));
  });
});

describe('a new run in the folder of another', () => {
  it('moves the other aside', () => {
    const run = join(root, 'again');
    expect(nem(...trainArguments(run, 1)).status).toBe(0);
    const before = results(run);
    const { status, stderr } = nem(...trainArguments(run, 1, { learningRate: 0.002 }));
    expect(status).toBe(0);
    expect(stderr).toContain(`is now in ${join(run, 'replaced/1')}`);
    expect(results(join(run, 'replaced/1'))).toEqual(before);
    expect(results(run)).not.toEqual(before);
  });
});

describe('--resume', () => {
  it.each([
    [['train', 'static-shapes', '--resume', 'x'], "'static-shapes'"],
    [['train', '--resume', 'x', '--seed', '1'], '--seed'],
    [['train', '--resume', 'x', '--set', 'a=1'], '--set'],
    [['train'], '--resume'],
  ])('%j is a usage error', (args, named) => {
    const { status, stderr } = nem(...args);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(named)]);
    expect(status).toBe(2);
  });

  it('of a folder without a run is refused', () => {
    const { status, stderr } = nem('train', '--resume', join(root, 'nowhere'));
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('config.json')]);
    expect(status).toBe(1);
  });
});

/** A file system of its own, e.g. `size=1m`; undefined where this user may not mount one. */
function mountTmpfs(name: string, options: string): string | undefined {
  const folder = join(root, name);
  mkdirSync(folder);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0 ? folder : undefined;
}

const small = mountTmpfs('small', 'size=640k');
const locked = mountTmpfs('locked', 'size=4m');
const room = mountTmpfs('room', 'size=48m');
afterAll(() => {
  for (const folder of [small, locked, room]) if (folder) spawnSync('umount', [folder]);
});

describe.skipIf(!small || !locked || !room)('file systems (needs root, to mount a tmpfs)', () => {
  it('a full disk stops the run with exit code 3 and the last checkpoint whole', () => {
    const run = join(small as string, 'run');
    const { status, stderr } = nem(...trainArguments(run, EPOCHS));
    expect(lastLine(stderr)).toMatch(/^cannot write .*: the disk is full \(ENOSPC\)/);
    expect(status).toBe(3);
    expect(readdirSync(join(run, 'checkpoints')).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(spawnSync('mount', ['-o', 'remount,size=4m', small as string]).status).toBe(0);
    const resumed = nem(...resumeArguments(run));
    expect(resumed.stderr).not.toContain('damaged');
    expect(resumed.status).toBe(0);
    expect(results(run)).toEqual(results(whole));
  });

  it.each([
    ['data', 'export', 'flying-shapes-3', '--count', '100', '--out', 'room/x.h5'],
    ['data', 'preview', 'flying-mnist', '--count', '100', '--out', 'room'],
    ['evaluate', 'room/run', '--components', '5', ...onWorkers(2)],
    ['reproduce', 'static', '--seeds', '1', '--out', 'room/all', ...onWorkers(2), ...sets(tinyOfAll)],
  ])('a full disk ends nem %s %s … with exit code 3, one sentence and nothing half-written', (...args) => {
    const filling = join(room as string, 'filling');
    rmSync(filling, { force: true });
    const [command] = args;
    if (command === 'evaluate') expect(nem(...trainArguments('room/run', 1)).status).toBe(0);
    if (command === 'reproduce') {
      expect(nem(...args).status).toBe(0);
      rmSync(join(room as string, 'all/report'), { recursive: true });
    }
    const names = () => (readdirSync(room as string, { recursive: true }) as string[]).sort();
    spawnSync('dd', ['if=/dev/zero', `of=${filling}`, 'bs=4k']);
    const before = names();
    const { status, stderr } = nem(...args);
    expect(lastLine(stderr)).toMatch(/^(cannot write )?room\/.*ENOSPC/);
    expect(status).toBe(3);
    expect(names().filter((name) => !before.includes(name) && !/report$/.test(name))).toEqual([]);
    rmSync(filling);
    if (command === 'evaluate' || command === 'reproduce') expect(nem(...args).status).toBe(0);
  });

  it('a run in a read-only folder does not start: exit code 4 and one sentence', () => {
    const remount = (mode: string) => spawnSync('mount', ['-o', `remount,${mode}`, locked as string]).status;
    expect(remount('ro')).toBe(0);
    const { status, stderr } = nem(...trainArguments(join(locked as string, 'new', 'run'), EPOCHS));
    expect(remount('rw')).toBe(0);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/it may not be written to \(EROFS\); allow it, or/),
    ]);
    expect(status).toBe(4);
  });

  it('a folder that becomes read-only stops the run with exit code 4 and the last checkpoint whole', async () => {
    const run = join(locked as string, 'run');
    const { child, said, exit } = start(...trainArguments(run, EPOCHS));
    await until(() => said().includes('epoch 2,'), child);
    const remount = (mode: string) => spawnSync('mount', ['-o', `remount,${mode}`, locked as string]).status;
    // Busy while a file is open for writing: again until none is.
    while (remount('ro') !== 0) await sleep(1);
    expect(await exit).toEqual([4, null]);
    expect(lastLine(said())).toMatch(/^cannot write .*: it may not be written to \(EROFS\)/);
    const refused = nem(...resumeArguments(run));
    expect(refused.stderr.trim().split('\n')).toEqual([expect.stringContaining('may not be written to')]);
    expect(refused.status).toBe(4);
    expect(remount('rw')).toBe(0);
    expect(nem(...resumeArguments(run)).status).toBe(0);
    expect(results(run)).toEqual(results(whole));
  });
});
