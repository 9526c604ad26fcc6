import { expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { enginePrecision, engineWorkers } from './create-engine.js';
import { chooseEngine, ENGINES, engineDefinition, enginesThat } from './table.js';

it('has the engines by preference, and says what holds of which', async () => {
  expect(ENGINES).toEqual(['cuda', 'webgpu', 'tensorflow', 'wasm', 'cpu']);
  expect(enginesThat(({ hardware }) => hardware === 'gpu')).toBe('cuda or webgpu');
  expect(enginesThat(({ setup }) => setup !== undefined)).toBe('cuda or tensorflow');
  expect(await engineDefinition('cpu').probe()).toMatchObject({ usable: true });
});

it('refuses an unknown name and what an engine does not have, with what has it', async () => {
  await expect(chooseEngine('abacus')).rejects.toThrow(
    new UsageError("unknown engine 'abacus'", 'use auto, cuda, webgpu, tensorflow, wasm, cpu.'),
  );
  expect(engineWorkers('wasm', 3)).toBe(3);
  expect(() => engineWorkers('cpu', 3)).toThrow(
    "'cpu' has no worker threads: leave out the option workers, or add the engine wasm.",
  );
  expect(enginePrecision('webgpu', 'float16')).toBe('float16');
  expect(enginePrecision('cpu', 'float32')).toBeUndefined();
  expect(() => enginePrecision('wasm', 'float16')).toThrow(
    "'wasm' does not compute in float16: leave out the option precision, or add the engine webgpu.",
  );
});
