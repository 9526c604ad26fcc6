import { readFileSync } from 'node:fs';
import { weightsUrl } from '@nem/models';
import { afterEach, expect, it, vi } from 'vitest';
import { availableComputes, openNetwork, readWeights } from './network.js';

const weights = readWeights(readFileSync(weightsUrl('flying-shapes-3') as URL));

afterEach(() => vi.unstubAllGlobals());

/** A browser with an adapter that gives no device, and that may say what kind of adapter it is. */
function withAdapter(info?: { readonly isFallbackAdapter: boolean }) {
  const requestDevice = vi.fn(() => Promise.reject(new Error('no device')));
  const adapter = { info, limits: {}, features: new Set(), requestDevice };
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
  return requestDevice;
}

it.each([
  ['an older browser, which says nothing of its adapters', undefined],
  ['a newer one', { isFallbackAdapter: false }],
])('goes on with WebAssembly where a GPU gives no device and nobody has asked for it: %s', async (_, info) => {
  const requestDevice = withAdapter(info);
  expect((await openNetwork(weights, 'auto')).compute).toBe('wasm');
  expect(requestDevice).toHaveBeenCalledOnce();
});

it('leaves a GPU alone that the processor plays, unless it is asked for', async () => {
  const requestDevice = withAdapter({ isFallbackAdapter: true });
  expect((await openNetwork(weights, 'auto')).compute).toBe('wasm');
  expect(requestDevice).not.toHaveBeenCalled();
  await expect(openNetwork(weights, 'webgpu')).rejects.toThrow('no device');
  expect(await availableComputes()).toEqual(['webgpu', 'wasm', 'plain']);
});

it('says what is not there', async () => {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.reject(new Error('lost')) } });
  await expect(openNetwork(weights, 'webgpu')).rejects.toThrow('gives no graphics processor');
  expect(await availableComputes()).toEqual(['wasm', 'plain']);
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  await expect(openNetwork(weights, 'wasm')).rejects.toThrow('no WebAssembly with vectors');
  expect((await openNetwork(weights, 'auto')).compute).toBe('plain');
});

it('does not take weights that are not whole for a browser without vectors', async () => {
  const some = { ...weights, parameters: {} };
  await expect(openNetwork(some, 'wasm')).rejects.not.toThrow('no WebAssembly with vectors');
});
