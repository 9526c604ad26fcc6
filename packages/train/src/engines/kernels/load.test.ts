import { expect, it, vi } from 'vitest';
import { UsageError } from '../../errors.js';
import { loadKernels } from './load.js';
import { probeKernels } from './probe.js';

it('NEM_KERNELS names the variant, and one of the addon does not concern WebAssembly', async () => {
  expect((await loadKernels('wasm')).variant).toBe('relaxed');
  vi.stubEnv('NEM_KERNELS', 'simd');
  expect((await loadKernels('wasm')).variant).toBe('simd');
  vi.stubEnv('NEM_KERNELS', 'avx2');
  expect((await loadKernels('wasm')).variant).toBe('relaxed');
  vi.stubEnv('NEM_KERNELS', '');
  expect(await probeKernels('wasm')).toMatchObject({ usable: true, device: expect.stringContaining('(relaxed)') });
});

it.each(['wasm', 'native'] as const)('refuses a variant that there is not, for %s', async (target) => {
  vi.stubEnv('NEM_KERNELS', 'abacus');
  const refused = new UsageError(
    "NEM_KERNELS is 'abacus', which is no variant of the kernels",
    'set it to one of avx2, avx512, avx512bf16, amx, neon, relaxed, simd, or unset it.',
  );
  await expect(loadKernels(target)).rejects.toThrow(refused);
  expect(await probeKernels(target)).toMatchObject({ usable: false, remedy: expect.any(String) });
});
