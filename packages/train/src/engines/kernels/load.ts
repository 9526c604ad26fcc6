import { type Kernels, KernelsError, loadWasm, type WasmVariant, wasmVariants } from '@nem/kernels';
import { option, RunError, UsageError } from '../../errors.js';
import type { Precision } from '../precision.js';
import { allowRelaxedSimd } from './relaxed-simd.js';

/** The two targets that the kernels are compiled for. */
export type KernelTarget = Kernels['target'];

/** The environment variable that names a variant of the kernels. Default: the best one that this machine has. */
const VARIABLE = 'NEM_KERNELS';

const isWasmVariant = (name: string | undefined): name is WasmVariant => wasmVariants.some((known) => known === name);

async function loadNativeKernels(variant: string | undefined): Promise<Kernels> {
  const { loadNative } = await import('@nem/kernels/native');
  const result = loadNative(variant);
  if ('kernels' in result) return result.kernels;
  throw new RunError(`the native kernels do not load (${result.reason.replace(/\.$/, '')})`, [
    'use ',
    option('engine', 'wasm'),
    '; in a checkout, install a C compiler and run pnpm build.',
  ]);
}

/** Variants of the addon, which the same variable names, do not concern WebAssembly. */
async function loadWasmKernels(variant: string | undefined): Promise<Kernels> {
  allowRelaxedSimd();
  return loadWasm(isWasmVariant(variant) ? variant : undefined);
}

/** What the environment variable names; undefined where it is not set or empty. */
const namedVariant = () => process.env[VARIABLE] || undefined;

/**
 * @param variant Default: what the environment variable `NEM_KERNELS` names
 * @throws UsageError for a name that is that of no variant, of the addon or of WebAssembly, on any machine
 */
export async function requireKnownVariant(variant: string | undefined = namedVariant()): Promise<void> {
  if (variant === undefined) return;
  const { nativeVariants } = await import('@nem/kernels/native');
  const known: readonly string[] = [...nativeVariants, ...wasmVariants];
  if (known.includes(variant)) return;
  throw new UsageError(
    `${VARIABLE} is '${variant}', which is no variant of the kernels`,
    `set it to one of ${known.join(', ')}, or unset it.`,
  );
}

/**
 * The kernels of a target, in the calling thread.
 * @param variant Default: what the environment variable `NEM_KERNELS` names, else the best one that this machine has
 * @throws RunError where they do not load; UsageError for a variant that there is not, or that this machine does not have
 */
export async function loadKernels(
  target: KernelTarget,
  variant: string | undefined = namedVariant(),
): Promise<Kernels> {
  await requireKnownVariant(variant);
  try {
    return await (target === 'native' ? loadNativeKernels : loadWasmKernels)(variant);
  } catch (error) {
    if (!(error instanceof KernelsError)) throw error;
    throw new UsageError(error.message.replace(/\.$/, ''), `set ${VARIABLE} to one that it has, or unset it.`);
  }
}

/** What kernels may compute products in. */
export type KernelPrecision = Kernels['precisions'][number];

/**
 * What the kernels compute products in.
 * @throws UsageError for what they cannot
 */
export function requireKernelPrecision(
  { precisions, variant }: Kernels,
  precision: Precision = 'float32',
): KernelPrecision {
  const found = precisions.find((name) => name === precision);
  if (found) return found;
  throw new UsageError(`this processor does not compute in ${precision} (its kernels are ${variant})`, [
    'leave out ',
    option('precision', precision),
    '.',
  ]);
}
