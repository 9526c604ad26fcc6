import type { Adapter, Device } from './gpu-types.js';

/** Features that a plan uses, if the adapter has them. */
const FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups', 'shader-f16'];

/**
 * Requests a device with everything of an adapter that a plan can use: its largest buffers and, where the adapter has them, timestamps,
 * subgroup operations and half precision.
 * @throws Error (the browser's own) where the adapter gives no device
 */
export function requestDevice(adapter: Adapter): Promise<Device> {
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
  });
}
