import { loadNative } from '@nem/kernels/native';

/** Native kernels where they are built for this machine, else a sentence that says why not. */
export async function use() {
  const native = loadNative();
  return 'kernels' in native ? native.kernels.target === 'native' : native.reason.length > 0;
}
