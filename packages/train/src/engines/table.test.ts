import { expect, it, vi } from 'vitest';
import { RunError, UsageError } from '../errors.js';
import { enginePrecision, engineWorkers } from './create-engine.js';
import { chooseEngine, ENGINES, engineDefinition, enginesThat, isTakenByAuto } from './table.js';

it('has the engines by preference, and says what holds of which', async () => {
  expect(ENGINES).toEqual(['cuda', 'webgpu', 'native', 'wasm', 'cpu', 'tensorflow']);
  expect(enginesThat(({ hardware }) => hardware === 'gpu')).toBe('cuda or webgpu');
  expect(enginesThat(({ profiler }) => profiler !== undefined)).toBe('webgpu, native or wasm');
  expect(enginesThat(({ setup }) => setup !== undefined)).toBe('cuda or tensorflow');
  expect(await engineDefinition('cpu').probe()).toMatchObject({ usable: true });
});

it('auto takes the first engine that is usable, none that is emulated and none that is only named', () => {
  const taken = ENGINES.filter((name) => isTakenByAuto(name, { usable: true }));
  expect(taken).toEqual(['cuda', 'webgpu', 'native', 'wasm', 'cpu']);
  expect(isTakenByAuto('webgpu', { usable: true, software: true })).toBe(false);
  expect(isTakenByAuto('native', { usable: false })).toBe(false);
});

it('auto refuses a misspelt variant of the kernels, in whose place it would take a slower engine', async () => {
  vi.stubEnv('NEM_KERNELS', 'avx3');
  await expect(chooseEngine()).rejects.toThrow(UsageError);
  await expect(chooseEngine()).rejects.toThrow(/^NEM_KERNELS is 'avx3', which is no variant of the kernels: /);
  expect(await chooseEngine('cpu')).toBe('cpu');
  vi.unstubAllEnvs();
});

it('auto says why it takes no engine', async () => {
  for (const name of ENGINES) {
    const probe = vi.spyOn(engineDefinition(name), 'probe');
    probe.mockResolvedValue({ usable: name === 'webgpu', software: true, reason: 'it is away', remedy: 'wait' });
  }
  await expect(chooseEngine()).rejects.toThrow(RunError);
  await expect(chooseEngine()).rejects.toThrow(
    'no engine runs here that auto takes (cuda: it is away; webgpu: emulated on the CPU; native: it is away;',
  );
  vi.restoreAllMocks();
});

it('refuses an unknown name and what an engine does not have, with what has it', async () => {
  await expect(chooseEngine('abacus')).rejects.toThrow(
    new UsageError("unknown engine 'abacus'", 'use auto, cuda, webgpu, native, wasm, cpu, tensorflow.'),
  );
  expect(engineWorkers('wasm', 3)).toBe(3);
  expect(() => engineWorkers('cpu', 3)).toThrow(
    "'cpu' has no worker threads: leave out the option workers, or add the engine native or wasm.",
  );
  expect(await enginePrecision('webgpu', 'float16')).toBe('float16');
  expect(await enginePrecision('cpu', 'float32')).toBeUndefined();
  await expect(enginePrecision('wasm', 'bfloat16')).rejects.toThrow(
    "'wasm' does not compute in bfloat16: leave it out, or add the engine native.",
  );
  await expect(enginePrecision('wasm', 'float16')).rejects.toThrow(
    "'wasm' does not compute in float16: leave it out, or add the engine webgpu.",
  );
});
