/**
 * Runs `work`, and catches the first error of one kind that it causes on the device.
 * @returns what `work` gives, and the error, which arrives later
 */
export function scoped<T>(device: GPUDevice, filter: GPUErrorFilter, work: () => T) {
  device.pushErrorScope(filter);
  try {
    const made = work();
    return { made, error: device.popErrorScope() };
  } catch (problem) {
    // The device is the caller's: no scope of ours stays on it. A lost device may refuse to say what it caught.
    device.popErrorScope().catch(() => undefined);
    throw problem;
  }
}
