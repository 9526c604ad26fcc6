import { DeviceWatch } from '../device-errors.js';
import { PlanError } from '../errors.js';
import type { Device } from '../gpu-types.js';
import { requireTimestamps } from '../plan/profile.js';
import { requireDevice } from '../require.js';
import { type CopyCeiling, measureCopy } from './copy.js';
import { measureProduct, type ProductCeiling } from './square-product.js';

/** What a device can do at most, as measured. What a kernel reaches is compared with it. */
export interface Ceilings {
  readonly copy: CopyCeiling;
  readonly product: ProductCeiling;
}

/**
 * Measures a device's copy bandwidth and the best matrix product that the kernels of this package reach on it, in float32: each is the best
 * of several runs, after one that warms up. It takes a few seconds and at most 1 GiB of the device's memory, which it frees.
 * @throws InputError for what is not a device; PlanError if the device was requested without the feature 'timestamp-query', or its clock stands still
 * @throws OutOfMemoryError, ShaderError, DeviceLostError
 */
export async function measureCeilings(device: Device): Promise<Ceilings> {
  requireDevice(device);
  return new DeviceWatch(device).guard(async () => {
    requireTimestamps(device);
    const copy = await measureCopy(device);
    if (copy.milliseconds <= 0) throw new PlanError("the device's timestamps stand still: profile on another device.");
    return { copy, product: await measureProduct(device) };
  });
}
