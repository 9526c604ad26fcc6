import type { Adapter, Device } from './gpu-types.js';
import { requireAdapter } from './require.js';

/** Features that a plan uses, if the adapter has them. */
const FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups', 'shader-f16'];

/**
 * Requests a device with everything of an adapter that a plan can use: its largest buffers and, where the adapter has them, timestamps,
 * subgroup operations and half precision.
 * @throws InputError for what is not an adapter, such as the null of a machine without a GPU; Error (the browser's own) where the
 *   adapter gives no device
 */
export async function requestDevice(adapter: Adapter): Promise<Device> {
  requireAdapter(adapter);
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
  });
}
