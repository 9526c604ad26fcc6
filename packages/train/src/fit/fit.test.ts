import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetError } from '@nem/datasets';
import { openHdf5, writeHdf5 } from '@nem/datasets/hdf5';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../errors.js';
import { findExperiment } from '../experiments/index.js';
import { RunFolder } from '../run/run-folder.js';
import { bars, barsExperiment } from './bars.fixture.js';
import { evaluateRun, type FitOptions, type FittedRun, fit } from './index.js';

const root = mkdtempSync(join(tmpdir(), 'nem-fit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (name: string) => join(root, name);

const fitBars = (name: string, over: Partial<FitOptions> = {}) =>
  fit({ experiment: barsExperiment(), out: folder(name), engine: 'cpu', ...over });

describe('fit', () => {
  it('trains on data of a user, silently, and leaves a run folder with everything in it', async () => {
    const said = vi.spyOn(console, 'error');
    const told: unknown[] = [];
    const callbacks = {
      onStep: ({ update }: { update: number }) => void told.push(update),
      onEpoch: async ({ epoch }: { epoch: number }, best: boolean) => void told.push({ epoch, best }),
    };
    const run = await fitBars('whole', { callbacks });
    expect(told).toEqual([1, 2, { epoch: 1, best: true }, 3, 4, { epoch: 2, best: expect.any(Boolean) }]);
    expect(run).toMatchObject({ ending: 'last epoch', path: folder('whole'), test: { inputs: 4, name: 'test set' } });
    expect(run.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(run.test?.adjustedMutualInfo.max).toBeTypeOf('number');
    const files = readdirSync(run.path);
    expect(files).toEqual(expect.arrayContaining(['config.json', 'metrics.jsonl', 'checkpoints', 'report']));
    expect(files.some((name) => name.startsWith('events.out.tfevents.'))).toBe(true);
    expect(files).not.toContain('lock');
    expect(readFileSync(join(run.path, 'report/index.md'), 'utf8')).toContain('`experiment.dataset.name` | `bars`');
    expect(said).not.toHaveBeenCalled();
  });

  it('records the name, version and options of the data, and refuses an evaluation on others', async () => {
    const { path } = await fitBars('recorded', { experiment: barsExperiment(bars({ version: 2 })), testInputs: 0 });
    expect(new RunFolder(path).readConfig().experiment.dataset).toMatchObject({
      ...{ type: 'custom', name: 'bars', version: 2, options: { seed: 0 }, height: 5, test: 4 },
    });
    const scored = (over: object) => evaluateRun(path, { dataset: bars({ version: 2, ...over }) });
    expect(await scored({})).toMatchObject({ inputs: 4 });
    await expect(scored({ version: 3 })).rejects.toThrow(
      'the data are bars version 3 {"seed":0} and the run\'s are bars version 2 {"seed":0}: give those, or name other data on purpose with the option data.',
    );
    await expect(scored({ seed: 1 })).rejects.toThrow(DatasetError);
    await expect(scored({ width: 6 })).rejects.toThrow("width of bars is 6 and the run's is 5");
    await expect(scored({ draw() {} })).rejects.toThrow(
      'the samples of bars version 2 {"seed":0} are others than the run\'s: give those',
    );
    await expect(evaluateRun(path, { dataset: bars(), experiment: 'static-shapes' })).rejects.toThrow(UsageError);
    await expect(evaluateRun(path)).rejects.toThrow(
      'the data of the run, bars, were given by a program: give them there, or name a module',
    );
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });

  it('stops at a checkpoint, and goes on to the same bits as one that never stopped', async () => {
    const whole = await fitBars('never stopped');
    const abort = new AbortController();
    const callbacks = { onStep: ({ update }: { update: number }) => update === 3 && abort.abort() } as never;
    const stopped = await fitBars('stopped', { signal: abort.signal, callbacks });
    expect(stopped.ending).toBe('stopped');
    expect(stopped.test).toBeUndefined();
    const messages: string[] = [];
    const onMessage = (sentence: string) => void messages.push(sentence);
    const resumed = await fitBars('stopped', { resume: true, callbacks: { onMessage } });
    expect(messages[0]).toContain('goes on in');
    const scores = ({ validation }: { validation: object }) => validation;
    expect(resumed.epochs.map(scores)).toEqual(whole.epochs.map(scores));
    expect(resumed.test?.weights).toBe(whole.test?.weights);
  });

  it('trains on after a time limit, where no test inputs are scored', async () => {
    const limited = () => fitBars('limited', { resume: true, maxMinutes: 1e-9, testInputs: 0 });
    const updates = (await limited()).epochs.at(-1)!.update;
    expect((await limited()).epochs.at(-1)!.update).toBeGreaterThan(updates);
  });

  it('goes on with another engine, says so, and comes to the same within rounding', async () => {
    const whole = await fitBars('on one engine');
    const abort = new AbortController();
    const callbacks = { onStep: ({ update }: { update: number }) => update === 3 && abort.abort() } as never;
    await fitBars('moved', { signal: abort.signal, callbacks });
    const messages: string[] = [];
    const onMessage = (sentence: string) => void messages.push(sentence);
    const moved = await fitBars('moved', { resume: true, engine: 'wasm', workers: 1, callbacks: { onMessage } });
    expect(messages[0]).toBe(
      'the engine is wasm, and so far was cpu: results will differ in their last bits from those without the change.',
    );
    expect(messages[1]).toContain('from update 3');
    const losses = (run: FittedRun) => run.epochs.map(({ validation }) => validation.loss);
    for (const [epoch, loss] of losses(moved).entries()) expect(loss / losses(whole)[epoch]!).toBeCloseTo(1, 4);
    const run = new RunFolder(moved.path);
    expect(run.readConfig()).toMatchObject({ engine: 'wasm', workers: 1 });
    expect(run.readMachines().map(({ engine }) => engine.split(' ')[0])).toEqual(['cpu', 'wasm']);
    const again = await fitBars('on one engine', { resume: true, engine: 'wasm', workers: 1 });
    expect(again.test).toMatchObject({ engine: 'wasm', weights: whole.test?.weights });
    expect(new RunFolder(again.path).readConfig().engine).toBe('cpu');
  });

  it('goes on with no run of another experiment, and without resume moves one aside', async () => {
    await fitBars('two', { testInputs: 0 });
    const other = { experiment: barsExperiment(bars({ seed: 5 })), testInputs: 0 };
    await expect(fitBars('two', { ...other, resume: true })).rejects.toThrow(UsageError);
    await expect(fitBars('two', { ...other, resume: true })).rejects.toThrow(
      'is of another experiment: leave out resume',
    );
    const again = (over: Partial<FitOptions>) => fitBars('two', { testInputs: 0, resume: true, ...over });
    await expect(again({ seed: 1 })).rejects.toThrow('has the seed 0, and 1 is asked for: leave out resume');
    await expect(again({ precision: 'bfloat16' })).rejects.toThrow('computes in float32, and bfloat16 is asked for');
    await fitBars('two', other);
    expect(readdirSync(folder('two/replaced'))).toEqual(['1']);
  });

  const { experiment, dataset } = barsExperiment();
  const definition = { dataset, components: 3 };
  const returned = 'give what defineExperiment returns';
  it.each<[unknown, string]>([
    [5, `the experiment is 5: ${returned}`],
    [undefined, `the experiment is undefined: ${returned}`],
    [{}, `the experiment has no dataset: ${returned}`],
    [definition, `the experiment is a definition of one, with no defaults filled in: ${returned} of it.`],
    [{ ...definition, name: 'a', network: experiment.network }, 'the experiment is a definition of one'],
    [{ dataset: { type: 'static-shapes' }, components: 3 }, 'the experiment is a definition of one'],
    [{ ...findExperiment('static-shapes'), epochs: 0 }, 'epochs is 0: give a number of at least 1.'],
    [{ ...findExperiment('static-shapes'), epoch: 1 }, 'the experiment has the unknown field epoch'],
    [{ experiment: { ...experiment, steps: 0 }, dataset }, 'steps is 0: give a number of at least 1.'],
    [{ experiment: 5 }, 'the experiment is 5: give an object with'],
  ])('refuses what is no experiment before anything is touched (%#)', async (wrong, sentence) => {
    const refused = fitBars('no experiment', { experiment: wrong as FitOptions['experiment'] });
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.toThrow(UsageError);
    expect(existsSync(folder('no experiment'))).toBe(false);
  });

  it.each<[Partial<FitOptions>, string]>([
    [{ testInputs: -1 }, 'the option testInputs is -1: give an integer of at least 0.'],
    [{ testInputs: 2.5 }, 'the option testInputs is 2.5: give an integer of at least 0.'],
    [{ testInputs: Number.NaN }, 'the option testInputs is NaN: give an integer of at least 0.'],
    [{ maxMinutes: Number.NaN }, 'the option maxMinutes is NaN: give a number above 0.'],
    [{ checkpointMinutes: 0 }, 'the option checkpointMinutes is 0: give a number above 0.'],
    [{ checkpointMinutes: '5' as never }, 'the option checkpointMinutes is "5": give a number above 0.'],
    [{ seed: -1 }, 'the option seed is -1: give an integer of at least 0.'],
    [{ out: '' }, "the option out is '': give a folder's path, or leave it out."],
    [{ out: new URL('file:///runs') as never }, 'the option out is file:///runs: give'],
    [{ signal: new AbortController() as never }, 'the option signal is [object AbortController]: give the signal of'],
    [{ callbacks: { onStep: 5 as never } }, 'the callback onStep is 5: give a function, or leave it out.'],
    [
      { out: undefined, experiment: { experiment: { ...experiment, name: '../bars' }, dataset } },
      "the experiment's name is '../bars', which is not that of a folder: give the option out",
    ],
  ])('refuses %j before anything is touched', async (over, sentence) => {
    const refused = fitBars('no number', over);
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.toThrow(UsageError);
    expect(existsSync(folder('no number'))).toBe(false);
  });

  it('goes on with the file that is named now, where it has moved', async () => {
    await writeHdf5({ file: folder('bars.h5'), dataset: dataset!, counts: { training: 8, validation: 4, test: 4 } });
    const on = async (file: string) => barsExperiment(await openHdf5(folder(file)));
    const maxMinutes = 1e-9;
    await fitBars('moved file', { experiment: await on('bars.h5'), testInputs: 0, maxMinutes });
    renameSync(folder('bars.h5'), folder('elsewhere.h5'));
    const resumed = { experiment: await on('elsewhere.h5'), testInputs: 0, resume: true };
    expect((await fitBars('moved file', resumed)).ending).toBe('last epoch');
    const config = new RunFolder(folder('moved file')).readConfig();
    expect(config.experiment.dataset).toMatchObject({ file: folder('elsewhere.h5') });
  });

  it('touches nothing where its signal has been aborted, nor while another host is looked for', async () => {
    await fitBars('kept', { testInputs: 0 });
    const files = readdirSync(folder('kept'));
    const aborted = AbortSignal.abort(new Error('not now'));
    await expect(fitBars('kept', { signal: aborted })).rejects.toThrow('not now');
    await expect(evaluateRun(folder('kept'), { dataset, signal: aborted })).rejects.toThrow('not now');
    expect(readdirSync(folder('kept'))).toEqual(files);
    const holder = { pid: 1, host: 'another', since: 'today', process: '', space: '', beat: 60 };
    writeFileSync(folder('kept/lock'), JSON.stringify(holder));
    const messages: string[] = [];
    const abort = new AbortController();
    const onMessage = (sentence: string) => {
      messages.push(sentence);
      abort.abort(new Error('enough'));
    };
    await expect(fitBars('kept', { signal: abort.signal, callbacks: { onMessage } })).rejects.toThrow('enough');
    expect(messages).toEqual([expect.stringContaining('is held by process 1 on another')]);
    await expect(evaluateRun(folder('kept'), { dataset, signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout');
    expect(readdirSync(folder('kept'))).toEqual([...files, 'lock'].sort());
  });

  it('scores nothing by what is no path or no signal', async () => {
    await expect(evaluateRun(5 as never)).rejects.toThrow(new UsageError("the run's folder is 5", 'give its path.'));
    const scored = evaluateRun(folder('kept'), { dataset, signal: new AbortController() as never });
    await expect(scored).rejects.toThrow('the option signal is [object AbortController]: give the signal of');
  });

  it('ends with what a callback throws, and lets go of the folder', async () => {
    const onEpoch = () => {
      throw new Error('enough');
    };
    await expect(fitBars('thrown', { callbacks: { onEpoch } })).rejects.toThrow('enough');
    expect(existsSync(folder('thrown/lock'))).toBe(false);
  });
});
